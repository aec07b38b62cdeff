import { expect } from 'chai';
import type { CheckResult } from '@holdfast/core';
import type { ProofRecord } from '../observe/record.ts';
import { runChecks, selectChecks } from './catalogue.ts';
import { broken, first } from './act-damage.fixture.ts';
import { goodRecord } from './record.fixture.ts';
import { acknowledgedFrom, disruption, ending } from './stopping-cases.fixture.ts';

function concluded(id: string, record: ProofRecord): CheckResult {
  const found = runChecks(selectChecks([id]), record).find((result) => result.id === id);
  if (!found) throw new Error(`no result ${id}`);
  return found;
}

describe('R2', () => {
  it('tells how long the slowest took', () => {
    expect(concluded('R2', goodRecord()).summary).to.equal('4 pods stopped, the slowest in 1.2 s');
  });

  it('tells what was killed, and when', () => {
    const record = ending((entry) => Object.assign(entry, { ms: 30_100, killed: ['web'] }));
    const [failure] = concluded('R2', record).evidence;
    expect(failure).to.deep.include({
      object: 'web-1',
      disruption: 1,
      ok: false,
      before: 'told to stop within 30.0 s',
      after: 'gone after 30.1 s: web was killed',
    });
  });

  it('passes a pod that is gone in time, though no container was seen to end', () => {
    const record = ending((entry) => Object.assign(entry, { ms: 29_999, unseen: ['web'] }));
    expect(concluded('R2', record).verdict).to.equal('passed');
  });

  it('passes a pod that stopped by itself and was taken away late', () => {
    const record = ending((entry) => (entry.ms = 31_000));
    expect(concluded('R2', record).verdict).to.equal('passed');
  });

  it('is skipped where pods were deleted by force, or none is gone', () => {
    const forced = (change: 'force' | 'stays') =>
      broken(({ disruptions }) => {
        for (const { targets } of disruptions) {
          for (const target of Object.values(targets)) {
            if (change === 'stays') delete target.ending;
            else if (target.ending)
              target.ending = { ...target.ending, graceMs: 0, killed: ['web'] };
          }
        }
      });
    for (const change of ['force', 'stays'] as const) {
      expect(concluded('R2', forced(change)).verdict, change).to.equal('skipped');
    }
  });
});

describe('R3', () => {
  it('tells how late the latest was', () => {
    const { summary } = concluded('R3', goodRecord());
    expect(summary).to.equal('writes acknowledged at most 0.3 s after Ready');
  });

  it('tells who was late, and how much', () => {
    const [failure] = concluded('R3', acknowledgedFrom(14_000)).evidence;
    expect(failure).to.deep.include({
      object: 'web:80',
      disruption: 1,
      before: 'web-1',
      after: 'acknowledged 12.0 s after Ready',
    });
  });

  it('passes what went on all the while, and a single write at the end', () => {
    const pass = (record: ProofRecord) => {
      expect(concluded('R3', record).verdict).to.equal('passed');
    };
    pass(acknowledgedFrom(0));
    pass(acknowledgedFrom(12_000));
    pass(
      disruption((record) => {
        record.spans = { untilMs: 9_000, pods: [], acknowledged: { 'web:80': [] } };
      }),
    );
  });

  it('gives the time that names may be stale to a client that goes by names', () => {
    const byNames = (fromMs: number) => {
      const record = acknowledgedFrom(fromMs);
      first(record.ledgers).reached = 'names';
      return concluded('R3', record).verdict;
    };
    expect(byNames(47_000)).to.equal('passed');
    expect(byNames(47_001)).to.equal('failed');
  });

  it('is skipped where nothing was acknowledged, which D1 fails', () => {
    const record = broken(({ disruptions }) => {
      for (const done of disruptions) done.record.gapMs = { 'web:80': null };
    });
    expect(concluded('R3', record).verdict).to.equal('skipped');
    expect(concluded('D1', record).verdict).to.equal('failed');
  });

  it('asks nothing of nodes that were away, and nothing where no pod came back', () => {
    const away = (damage: (record: ProofRecord['disruptions'][number]) => void) =>
      concluded(
        'R3',
        broken(({ disruptions }) => {
          disruptions.forEach(damage);
        }),
      );
    expect(away(({ record }) => (record.recoveryMs = null)).verdict).to.equal('skipped');
    const node = away(({ record }) => (record.away = { nodes: ['agent-1'], ms: 5_000 }));
    expect(node).to.include({ verdict: 'skipped' });
    const restarted = away(({ targets }) => {
      for (const target of Object.values(targets)) target.fate = 'restarted';
    });
    expect(restarted.verdict).to.equal('skipped');
    const killed = away(({ targets }) => {
      for (const target of Object.values(targets)) {
        Object.assign(target, { fate: 'restarted', hit: 'web' });
      }
    });
    expect(killed.verdict).to.equal('passed');
  });

  it('is skipped where writes went into files', () => {
    const record = goodRecord();
    delete first(record.ledgers).reached;
    const result = concluded('R3', record);
    expect(result).to.include({ verdict: 'skipped' });
    expect(result.summary).to.contain('no driver');
  });
});
