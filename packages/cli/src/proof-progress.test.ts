import { expect } from 'chai';
import type { DisruptionRecord } from '@holdfast/core';
import type { Progress } from './progress.ts';
import { showProof } from './proof-progress.ts';

/** A display that keeps what it is told. */
function kept(): { progress: Progress; lines: string[] } {
  const lines: string[] = [];
  const progress: Progress = {
    begin: (doing) => lines.push(`begin ${doing}`),
    detail: (text) => lines.push(`detail ${text}`),
    say: (text) => lines.push(`say ${text}`),
    done: (what) => lines.push(`done ${what}`),
    failed: () => lines.push('failed'),
    line: (ok, text) => lines.push(`${ok ? 'ok' : 'not ok'} ${text}`),
    clear: () => lines.push('clear'),
  };
  return { progress, lines };
}

function record(change: Partial<DisruptionRecord>): DisruptionRecord {
  return {
    number: 2,
    kind: 'node stopped',
    targets: ['web-0'],
    startedAt: '2026-01-01T00:00:00.000Z',
    recoveryMs: 18_000,
    recoveryMsByPod: {},
    timeline: [],
    ...change,
  };
}

describe('showProof', () => {
  it('tells what is not done, of the plan and on the way', () => {
    const { progress, lines } = kept();
    const show = showProof(progress);
    const whole = { kind: 'kill of PID 1', reason: 'the nodes are out of reach' };
    show({ type: 'plan', total: 3, notDone: [whole] });
    show({
      type: 'not done',
      entry: { kind: 'eviction', reason: 'refused', number: 2, targets: ['web-1'] },
    });
    expect(lines).to.eql([
      'ok not done: kill of PID 1: the nodes are out of reach',
      'ok not done: eviction of web-1: refused',
    ]);
  });

  it('tells how long it took, and how long the node was away', () => {
    const { progress, lines } = kept();
    const show = showProof(progress);
    show({ type: 'disruption', number: 2, total: 3, kind: 'node stopped', targets: ['web-0'] });
    show({
      type: 'moment',
      disruption: 2,
      moment: { ms: 5_100, object: 'agent-1', event: 'node started' },
    });
    show({ type: 'recovery', record: record({ away: { nodes: ['agent-1'], ms: 5_100 } }) });
    show({ type: 'recovery', record: record({ recoveryMs: null }) });
    expect(lines).to.eql([
      'detail 2 of 3: node stopped of web-0',
      'detail 2 of 3: node stopped of web-0 · agent-1 node started (5.1 s)',
      'ok 2 of 3: node stopped of web-0, Ready after 18.0 s, 5.1 s of it away',
      'not ok 2 of 3: node stopped of web-0, not Ready again',
    ]);
  });

  it('tells for how long no write was acknowledged, and that none is any more', () => {
    const { progress, lines } = kept();
    const show = showProof(progress);
    show({ type: 'disruption', number: 2, total: 3, kind: 'node stopped', targets: ['web-0'] });
    show({ type: 'recovery', record: record({ gapMs: { a: 300, b: 1_100 } }) });
    show({ type: 'recovery', record: record({ gapMs: { a: 300, b: null } }) });
    show({ type: 'recovery', record: record({ gapMs: {} }) });
    expect(lines.slice(1)).to.eql([
      'ok 2 of 3: node stopped of web-0, Ready after 18.0 s, no write for 1.1 s',
      'not ok 2 of 3: node stopped of web-0, Ready after 18.0 s, writes did not go on',
      'ok 2 of 3: node stopped of web-0, Ready after 18.0 s',
    ]);
  });
});
