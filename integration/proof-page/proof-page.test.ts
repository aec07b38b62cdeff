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
  disruptions: [1000, 2000, 6000].map((ms, index) => disruption(index + 1, ms)),
  checks: [{ id: 'D2', title: 'nonce', verdict: 'passed', summary: 'a | b', evidence: [] }],
  verdict: 'proven',
};

describe('proof page', () => {
  it('tells the cluster by its kind, the recovery and what was lost', () => {
    const page = proofPage([report]);
    expect(page).to.include('| cluster | stand-in Kubernetes v1.34.4, 2 nodes |');
    expect(page).to.include('| graceful delete | 3 | 3 | 2.0 s | 6.0 s |');
    expect(page).to.include('| lost | none |');
    expect(page).to.include('| D2 | nonce | passed | a \\| b |');
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
    expect(page).to.include('| graceful delete | 2 | 2 | never | never |');
  });
});
