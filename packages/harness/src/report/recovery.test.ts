import { expect } from 'chai';
import type { DisruptionRecord, Report } from '@holdfast/core';
import { recoveries } from './recovery.ts';
import { verdictTable } from './table.ts';

function stopped(recoveryMs: number, awayMs?: number): DisruptionRecord {
  return {
    number: 1,
    kind: 'node stopped',
    targets: ['web-0'],
    startedAt: '2026-01-01T00:00:00.000Z',
    recoveryMs,
    recoveryMsByPod: {},
    timeline: [],
    ...(awayMs === undefined ? {} : { away: { nodes: ['agent-1'], ms: awayMs } }),
  };
}

describe('recoveries of nodes', () => {
  it('say how long a node was away at most, and nothing where none was', () => {
    expect(recoveries([stopped(18_000, 5_100), stopped(20_000, 6_200)])[0]).to.include({
      medianMs: 19_000,
      awayMs: 6_200,
    });
    expect(recoveries([stopped(2_000)])[0]).to.not.have.property('awayMs');
  });

  it('stand in the table, with what was not done and why', () => {
    const report: Report = {
      holdfastVersion: '1.0.0',
      startedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 1_000,
      chart: { name: 'web', version: '1', appVersion: '', path: 'web' },
      images: [],
      options: {},
      cluster: { kind: 'k3s', kubernetesVersion: 'v1.34.4', nodes: ['server'] },
      helmVersion: 'v3.22.0',
      disruptions: [stopped(18_000, 5_100)],
      notDone: [
        { kind: 'eviction', reason: 'the budget allows none', number: 3, targets: ['web-0'] },
        { kind: 'eviction', reason: 'the budget allows none', number: 4, targets: ['web-2'] },
      ],
      ledgers: [],
      checks: [],
      verdict: 'proven',
    };
    expect(verdictTable(report).split('\n').slice(1, -1)).to.eql([
      '       recovered: node stopped 18.0 s, 5.1 s of it away',
      '       not done: eviction: the budget allows none',
    ]);
  });
});
