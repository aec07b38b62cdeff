import { expect } from 'chai';
import type { DisruptionRecord, Report } from '@holdfast/core';
import { proofPage } from './proof-page.ts';

const disruption = (number: number, recoveryMs: number | null): DisruptionRecord => ({
  number,
  kind: 'graceful delete',
  targets: [`app-${number}`],
  startedAt: '2026-01-01T00:00:00Z',
  recoveryMs,
  recoveryMsByPod: {},
  timeline: [],
  gapMs: { 'app:80': recoveryMs === null ? null : recoveryMs - 100, other: 5 },
});

const report: Report = {
  holdfastVersion: '1.0.0',
  startedAt: '2026-01-01T00:00:00Z',
  durationMs: 61_000,
  chart: { name: 'app', version: '1.2.3', appVersion: '9', path: 'app' },
  images: [{ reference: 'registry/app:9', imageId: 'sha256:1' }],
  options: {},
  cluster: { kind: 'stand-in Kubernetes', kubernetesVersion: 'v1.34.4', nodes: ['a', 'b'] },
  helmVersion: 'v3',
  ledgers: [
    {
      name: 'app:80',
      acknowledged: 18_204,
      failed: 4,
      unknown: 3,
      durationMs: 60_000,
      lost: { count: 1, first: [] },
      altered: { count: 2, first: [] },
      foreign: 5,
      failedButThere: 0,
    },
  ],
  disruptions: [1000, 2000, 6000].map((ms, index) => disruption(index + 1, ms)),
  checks: [{ id: 'D2', title: 'nonce', verdict: 'passed', summary: 'a | b', evidence: [] }],
  verdict: 'proven',
};

describe('proof page', () => {
  it('tells the cluster by its kind, the recovery and what was lost', () => {
    const page = proofPage([report]);
    expect(page).to.include('| cluster | stand-in Kubernetes v1.34.4, 2 nodes |');
    expect(page).to.include('| graceful delete | 3 | 3 | 2.0 s | 6.0 s | 1.9 s | 5.9 s |');
    expect(page).to.include('| lost | none |');
    expect(page).to.include('| D2 | nonce | passed | a \\| b |');
  });

  it('tells the writes of each ledger by what became of them', () => {
    expect(proofPage([report])).to.include(
      '| `app:80` | 18204 | 1 | 2 | 5 | 3 | 4 | 60.0 s | 355 |  |',
    );
    expect(proofPage([{ ...report, ledgers: [] }])).to.not.include('| ledger |');
  });

  it('tells what was done beside the disruptions apart from the other checks', () => {
    const upgraded = { id: 'H2', title: 'upgrade', verdict: 'passed' as const };
    const checks = [...report.checks, { ...upgraded, summary: '3 pods untouched', evidence: [] }];
    const [before = '', after = ''] = proofPage([{ ...report, checks }]).split(
      'What was done beside the disruptions',
    );
    expect(before).to.include('| D2 |').and.not.include('| H2 |');
    expect(after).to.include('| H2 | upgrade | passed | 3 pods untouched |');
    expect(proofPage([report])).to.not.include('What was done beside');
  });

  it('tells how long a node was away, what was not done, and where no gap was measured', () => {
    const { gapMs, ...done } = disruption(1, 18_000);
    expect(gapMs).to.not.equal(undefined);
    const page = proofPage([
      {
        ...report,
        disruptions: [{ ...done, kind: 'node stopped', away: { nodes: ['a'], ms: 5_000 } }],
        notDone: [{ kind: 'eviction', reason: 'the budget allows none' }],
      },
    ]);
    expect(page).to.include(
      '| node stopped | 1 | 1 | 18.0 s | 18.0 s (5.0 s of it away) | not measured | not measured |',
    );
    expect(page).to.include('- not done: eviction: the budget allows none');
  });

  it('says why a container that is killed again takes longer', () => {
    const note = 'The kubelet starts a container again at once';
    expect(proofPage([report])).to.not.include(note);
    const disruptions = [{ ...disruption(1, 1_000), kind: 'kill of PID 1' }];
    expect(proofPage([{ ...report, disruptions }])).to.include(note);
  });

  it('names what was lost, and says what never recovered', () => {
    const lost = { object: 'app-1:/data', disruption: 1, ok: false, after: 'absent' };
    const page = proofPage([
      {
        ...report,
        verdict: 'rejected',
        disruptions: [disruption(1, 1000), disruption(2, null)],
        checks: [{ id: 'D2', title: 'nonce', verdict: 'failed', summary: '', evidence: [lost] }],
      },
    ]);
    expect(page).to.include('| verdict | rejected |');
    expect(page).to.include('| lost | app-1:/data |');
    expect(page).to.include(
      '| graceful delete | 2 | 2 | never | never | without end | without end |',
    );
  });
});
