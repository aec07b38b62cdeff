import { expect } from 'chai';
import type { DisruptionRecord, Report } from '@holdfast/core';
import { create } from 'xmlbuilder2';
import { goodRecord } from '../checks/record.fixture.ts';
import { buildReport } from './build.ts';
import { toJUnit } from './junit.ts';
import { gaps, recoveries } from './recovery.ts';
import { redact, redacted, redactPair, redactText, secretValues } from './redact.ts';
import { verdictTable } from './table.ts';

function disruption(
  kind: string,
  recoveryMs: number | null,
  gapMs?: Record<string, number | null>,
): DisruptionRecord {
  const startedAt = '2026-01-01T00:00:00.000Z';
  const times = { recoveryMs, recoveryMsByPod: {}, timeline: [] };
  return { number: 1, kind, targets: [], startedAt, ...times, ...(gapMs && { gapMs }) };
}

function report(): Report {
  const evidence = [
    { object: 'web-0', disruption: 0, ok: true, after: 'fine' },
    { object: 'web-1', disruption: 2, ok: false, before: 'a\u001b[31m<b>', after: 'c\u0000d' },
  ];
  return {
    holdfastVersion: '1.0.0',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 94_400,
    chart: { name: 'web', version: '0.1.0', appVersion: '1.29', path: 'charts-out/web' },
    images: [],
    options: {},
    cluster: { kind: 'stand-in Kubernetes', kubernetesVersion: 'v1.34.4', nodes: ['a', 'b'] },
    helmVersion: 'v3.22.0',
    disruptions: [
      disruption('graceful delete', 2_900),
      disruption('graceful delete', 4_100),
      disruption('graceful delete', 3_000),
      disruption('all at once', null),
    ],
    ledgers: [],
    checks: [
      { id: 'R1', title: 'comes back', verdict: 'passed', summary: 'all of them', evidence: [] },
      { id: 'D2', title: 'data', verdict: 'failed', summary: 'line\nbreak "<&>"', evidence },
      { id: 'I6', title: 'claims', verdict: 'skipped', summary: 'none', evidence: [] },
    ],
    verdict: 'rejected',
  };
}

const facts = {
  holdfastVersion: '1.0.0',
  helmVersion: 'v3.22.0',
  startedAt: new Date(0),
  durationMs: 1,
  chart: { name: 'web', version: '1', appVersion: '', path: 'web' },
  cluster: { kind: 'k3s', kubernetesVersion: 'v1.34.4', nodes: [] },
  options: { values: [], set: ['plain.name=hunter2hunter2', 'auth.pass=x'] },
};

describe('recoveries', () => {
  it('are a median and a maximum for each kind', () => {
    expect(recoveries(report().disruptions)).to.eql([
      { kind: 'graceful delete', count: 3, medianMs: 3_000, maxMs: 4_100 },
      { kind: 'all at once', count: 1, medianMs: null, maxMs: null },
    ]);
    const even = [disruption('k', 1_000), disruption('k', 2_000)];
    expect(recoveries(even)[0]?.medianMs).to.equal(1_500);
    expect(recoveries([])).to.eql([]);
  });

  it('are not good when one pod never came back', () => {
    const [kind] = recoveries([disruption('k', 1_000), disruption('k', null)]);
    expect(kind).to.include({ medianMs: null, maxMs: null });
  });
});

describe('gaps', () => {
  it('are those of the slowest ledger of each disruption, by kind', () => {
    expect(
      gaps([
        disruption('k', 1, { a: 900, b: 1_100 }),
        disruption('k', 1, { a: 1_300, b: 0 }),
        disruption('l', 1, { a: 5, b: null }),
        disruption('m', 1),
        disruption('n', 1, {}),
      ]),
    ).to.eql([
      { kind: 'k', count: 2, medianMs: 1_200, maxMs: 1_300 },
      { kind: 'l', count: 1, medianMs: null, maxMs: null },
    ]);
  });
});

describe('verdictTable', () => {
  const ledgerCheck = {
    id: 'D1',
    title: 'writes',
    verdict: 'passed' as const,
    summary: '412 acknowledged',
    evidence: [],
  };

  it('shows the gaps by kind under the check of the ledger, in lines of 100 columns', () => {
    const kinds = ['graceful delete', 'force delete', 'eviction', 'all at once', 'node stopped'];
    const disruptions = [
      ...kinds.map((kind, index) => disruption(kind, 1_000, { a: 1_100 * (index + 1) })),
      disruption('graceful delete', 1_000, { a: 2_900 }),
      disruption('cluster restarted', 1_000, { a: null }),
    ];
    const lines = verdictTable({ ...report(), disruptions, checks: [ledgerCheck] }).split('\n');
    expect(lines.slice(1, 4)).to.eql([
      ' ✔ D1  writes  412 acknowledged',
      '       graceful delete gap median 2.0 s, max 2.9 s · force delete gap 2.2 s · eviction gap 3.3 s',
      '         all at once gap 4.4 s · node stopped gap 5.5 s · cluster restarted gap without end',
    ]);
  });

  it('draws bars above the verdict', () => {
    const spans = { untilMs: 10, pods: [], acknowledged: { a: [] } };
    const done = { ...disruption('kill of PID 1', 5, { a: 9 }), targets: ['web-0'], spans };
    const lines = verdictTable({ ...report(), disruptions: [done] }).split('\n');
    const at = lines.findIndex((line) => line.startsWith(' 1. kill of PID 1 of web-0: Ready'));
    expect(at).to.be.greaterThan(3);
    expect(lines.at(-1)).to.match(/^REJECTED/);
  });

  it('shows the run, a line for each check, the recovery and the verdict', () => {
    expect(verdictTable(report()).split('\n')).to.eql([
      'web 1.29 · chart web-0.1.0 · 2 nodes, stand-in Kubernetes 1.34.4',
      ' ✔ R1  comes back  all of them',
      '       recovered: graceful delete median 3.0 s, max 4.1 s · all at once never',
      ' ✘ D2  data        line break "<&>"',
      ' – I6  claims      skipped: none',
      'REJECTED  3 checks · 1 failed · 1 skipped · 94 s',
    ]);
  });

  it('leaves colours to the caller', () => {
    const text = verdictTable(
      { ...report(), verdict: 'proven' },
      (role, part) => `[${role}:${part}]`,
    );
    expect(text).to.contain('[failed:✘] D2');
    expect(text.split('\n').at(-1)).to.match(/^\[passed:PROVEN\]/);
  });
});

describe('buildReport', () => {
  it('quotes no secret that a ledger’s program printed', () => {
    const record = goodRecord();
    const [ledger] = record.ledgers;
    if (ledger) ledger.error = 'no write was acknowledged: AUTH hunter2hunter2 failed';
    const { ledgers } = buildReport(facts, record, [], ['hunter2hunter2']);
    expect(ledgers[0]?.error).to.equal(`no write was acknowledged: AUTH ${redacted} failed`);
  });
});

describe('toJUnit', () => {
  it('is a test case for each check, readable again', () => {
    const text = toJUnit(report());
    const suites = create(text).end({ format: 'object' }) as unknown as {
      testsuites: Record<string, unknown> & { testsuite: { testcase: Record<string, unknown>[] } };
    };
    expect(suites.testsuites).to.include({ '@tests': '3', '@failures': '1', '@skipped': '1' });
    const [passed, failed, skipped] = suites.testsuites.testsuite.testcase;
    expect(passed).to.not.have.any.keys('failure', 'skipped');
    expect(failed).to.have.property('failure');
    expect(text)
      .to.contain('type="D2"')
      .and.contain('message="line break &quot;&lt;&amp;&gt;&quot;"');
    expect(text).to.contain('NOT OK after disruption 2 · web-1: a[31m&lt;b&gt; → cd');
    expect(skipped?.['skipped']).to.deep.include({ '@message': 'none' });
  });

  it('holds no character that XML can’t', () => {
    expect(toJUnit(report())).to.not.match(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });
});

describe('redact', () => {
  const base64 = Buffer.from('hunter2hunter2').toString('base64');
  const secret = {
    kind: 'Secret',
    metadata: {
      name: 's',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': 'x' },
    },
    data: { password: base64 },
    stringData: { other: 'plain-text-value', short: 'abc' },
  };

  it('knows the values of secrets, plain and encoded, but for Helm’s own', () => {
    const values = secretValues([
      secret,
      { kind: 'Secret', type: 'helm.sh/release.v1', data: { r: base64 } },
    ]);
    expect(values).to.have.members([base64, 'plain-text-value', 'hunter2hunter2']);
    expect(secretValues([{ kind: 'ConfigMap', data: { key: 'visible-value' } }, null, 'x'])).to.eql(
      [],
    );
  });

  it('takes them out of objects and texts', () => {
    const values = secretValues([secret]);
    const text = JSON.stringify(redact([secret, { log: `password is hunter2hunter2!` }], values));
    expect(text).to.not.match(/hunter2|plain-text-value|last-applied|aHVudGVy/);
    expect(text).to.contain('"password":"<redacted>"');
    expect(text).to.contain('"short":"<redacted>"');
    expect(redactText('a hunter2hunter2 b', values)).to.equal(`a ${redacted} b`);
  });

  it('takes out literal environment values that are named like secrets', () => {
    const env = [
      { name: 'DB_PASSWORD', value: 'x' },
      { name: 'DB_HOST', value: 'db' },
    ];
    expect(redact(env, [])).to.eql([
      { name: 'DB_PASSWORD', value: redacted },
      { name: 'DB_HOST', value: 'db' },
    ]);
  });

  it('takes out values of --set that are named like secrets', () => {
    expect(redactPair('auth.password=abc,replicaCount=3')).to.equal(
      `auth.password=${redacted},replicaCount=3`,
    );
    expect(redactPair('auth.password=a\\,b')).to.equal(`auth.password=${redacted}`);
    expect(redactPair('image.tag=1')).to.equal('image.tag=1');
    for (const key of ['db.pass', 'PWD', 'dsn', 'signingKey', 'connectionString']) {
      expect(redactPair(`${key}=abc`)).to.equal(`${key}=${redacted}`);
    }
    expect(redactPair('primaryKeys=3,storage=1Gi')).to.equal('primaryKeys=3,storage=1Gi');
  });

  it('takes out whole lists of them, and what stands in a URL', () => {
    expect(redactPair('passwords={a,b\\},c},replicaCount=3')).to.equal(
      `passwords=${redacted},replicaCount=3`,
    );
    expect(redactPair('hosts={a,b},tag=1')).to.equal('hosts={a,b},tag=1');
    expect(redactPair('url=http://user:abc@host/x')).to.equal(`url=http://user:${redacted}@host/x`);
  });

  it('takes known secrets out of the options of a report', () => {
    const built = buildReport(facts, goodRecord(), [], ['hunter2hunter2']);
    expect(built.options['set']).to.eql([`plain.name=${redacted}`, `auth.pass=${redacted}`]);
  });
});
