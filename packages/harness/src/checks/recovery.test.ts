import { expect } from 'chai';
import type { CheckResult } from '@holdfast/core';
import type { ProofRecord, TargetEvidence } from '../observe/record.ts';
import type { ContainerNow, TargetState } from '../observe/target.ts';
import { runChecks, selectChecks } from './catalogue.ts';
import { goodRecord, targetNow } from './record.fixture.ts';

function r1(record: ProofRecord): CheckResult {
  const [result] = runChecks(selectChecks(['R1']), record);
  if (!result) throw new Error('no result');
  return result;
}

/** A record whose first disruption did something else to its target, web-1. */
function withTarget(target: Omit<TargetEvidence, 'state'>): ProofRecord {
  const record = goodRecord();
  record.disruptions.slice(0, 1).forEach((done) => {
    done.targets = { 'web-1': { ...target, state: 'Ready, now Ready' } };
  });
  return record;
}

const sidecar = (restarts: number): ContainerNow => ({
  name: 'metrics',
  id: `metrics ${restarts}`,
  restarts,
  running: true,
  ready: true,
});
const both = (restarts: number, more = 0): TargetState => {
  const state = targetNow('u', restarts, `web ${restarts}`);
  return { ...state, containers: [...state.containers, sidecar(more)] };
};

describe('R1', () => {
  const before = both(3);
  const cases: [string, Omit<TargetEvidence, 'state'>, boolean, string][] = [
    [
      'a killed container that was started once more',
      { fate: 'restarted', hit: 'web', before, after: both(4) },
      true,
      'same UID, web 1 restart more, metrics 0 restarts more, Ready after 2000 ms',
    ],
    [
      'a killed container that was started twice',
      { fate: 'restarted', hit: 'web', before, after: both(5) },
      false,
      'web 2 restarts more',
    ],
    [
      'a killed container that was not started again',
      { fate: 'restarted', hit: 'web', before, after: both(3) },
      false,
      'web 0 restarts more',
    ],
    [
      'a container that was not killed and started again all the same',
      { fate: 'restarted', hit: 'web', before, after: both(4, 1) },
      false,
      'metrics 1 restart more',
    ],
    [
      'a pod that was replaced where its container was killed',
      { fate: 'restarted', hit: 'web', before, after: { ...both(1), uid: 'new' } },
      false,
      'replaced by UID new',
    ],
    [
      'a pod of which all was started again after its node was away',
      { fate: 'restarted', before, after: both(5, 1) },
      true,
      'web 2 restarts more, metrics 1 restart more',
    ],
    [
      'a pod of which a part was not started again after its node was away',
      { fate: 'restarted', before, after: both(4, 0) },
      false,
      'metrics 0 restarts more',
    ],
    [
      'a pod that went on while its node was cut off',
      { fate: 'kept', before, after: both(3) },
      true,
      'same UID, web 0 restarts more',
    ],
    [
      'a pod that was started again when its node was back',
      { fate: 'kept', before, after: both(4) },
      true,
      'web 1 restart more',
    ],
    [
      'a pod that was replaced while its node was cut off',
      { fate: 'kept', before, after: { ...both(3), uid: 'new' } },
      false,
      'replaced by UID new',
    ],
    ['a pod that was gone in the end', { fate: 'kept', before, after: undefined }, false, 'gone'],
    [
      'a pod without containers that could be seen',
      { fate: 'restarted', before: { ...before, containers: [] }, after: both(4) },
      false,
      'same UID',
    ],
    [
      'a pod that stayed the same where another was expected',
      { fate: 'replaced', before, after: both(4) },
      false,
      'no new UID',
    ],
  ];
  for (const [what, target, ok, text] of cases) {
    it(`${ok ? 'passes' : 'fails'} on ${what}`, () => {
      const result = r1(withTarget(target));
      expect(result.verdict).to.equal(ok ? 'passed' : 'failed');
      const [entry] = result.evidence.filter(({ object }) => object === 'web-1');
      expect(entry?.ok).to.equal(ok);
      expect(entry?.after).to.contain(text);
    });
  }

  it('counts what was replaced, what was kept and what was not done', () => {
    const record = withTarget({ fate: 'kept', before, after: both(3) });
    record.notDone.push({ kind: 'kill of PID 1', reason: 'out of reach' });
    const { verdict, summary, evidence } = r1(record);
    expect(verdict).to.equal('passed');
    expect(summary).to.equal('2 disruptions, 3 pods replaced, 1 pod with the same UID, 1 not done');
    const left = evidence.find(({ object }) => object === 'plan');
    expect(left).to.include({ ok: true, after: 'not done: kill of PID 1: out of reach' });
  });

  it('does not take a refused disruption of the plan for one that is missing', () => {
    const record = { ...goodRecord(), planned: 3 };
    expect(r1(record).verdict).to.equal('failed');
    const refused = { kind: 'eviction', reason: 'no', number: 3, targets: ['web-2'] };
    expect(r1({ ...record, notDone: [refused] }).verdict).to.equal('passed');
    expect(r1({ ...record, notDone: [{ kind: 'x', reason: 'y' }] }).verdict).to.equal('failed');
  });

  it('is skipped with the reason where all was refused', () => {
    const notDone = [{ kind: 'eviction', reason: 'the budget allows none', number: 1 }];
    const result = r1({ ...goodRecord(), disruptions: [], planned: 1, notDone });
    expect(result).to.include({ verdict: 'skipped' });
    expect(result.summary).to.contain('eviction: the budget allows none');
  });

  it('fails where the ledger goes unanswered though the pods are back', () => {
    const record = goodRecord();
    record.disruptions.slice(0, 1).forEach((done) => (done.unsettled = 'redis: no write'));
    expect(r1(record)).to.include({ verdict: 'failed' });
    expect(r1(record).summary).to.contain('redis: no write');
  });
});

describe('B2', () => {
  const b2 = (record: ProofRecord) => runChecks(selectChecks(['B2']), record)[0];

  it('says what was refused, and by which budget', () => {
    const [entry] = b2(goodRecord())?.evidence ?? [];
    expect(entry).to.include({ object: 'web-0', ok: true, after: 'the budget is used up' });
    expect(entry?.before).to.equal('web-1 away, budget web used up');
  });

  it('is skipped with the reason where nothing was evicted, or no budget used up', () => {
    const record = goodRecord();
    record.disruptions.forEach((done) => delete done.eviction);
    expect(b2(record)).to.include({ verdict: 'skipped', summary: 'no pod was evicted' });
    record.disruptions
      .slice(0, 1)
      .forEach((done) => (done.eviction = { budgets: [], untried: 'no budget covers it' }));
    expect(b2(record)?.verdict).to.equal('skipped');
    expect(b2(record)?.summary).to.contain('no budget covers it');
  });
});
