import { expect } from 'chai';
import type { CheckResult, DisruptionRecord, PodLife, Report, Span } from '@holdfast/core';
import { disruptionBars, timelineLines } from './timeline-bars.ts';

const span = (fromMs: number, toMs: number): Span => ({ fromMs, toMs });

function life(
  pod: string,
  createdMs: number | null,
  goneMs: number | null,
  ...ready: Span[]
): PodLife {
  return { pod, uid: `${pod} ${createdMs ?? 'before'}`, createdMs, goneMs, ready };
}

/** web-0 is replaced within 2 s, and nothing is acknowledged for 1.1 s meanwhile. */
function replaced(change: Partial<DisruptionRecord> = {}): DisruptionRecord {
  return {
    number: 4,
    kind: 'graceful delete',
    targets: ['web-0'],
    startedAt: '2026-01-01T00:00:00.000Z',
    recoveryMs: 1_600,
    recoveryMsByPod: { 'web-0': 1_600 },
    timeline: [],
    gapMs: { 'web:80': 1_100 },
    spans: {
      untilMs: 2_000,
      pods: [
        life('web-0', null, 600, span(0, 100)),
        life('web-0', 700, null, span(1_600, 2_000)),
        life('web-1', null, null, span(0, 2_000)),
      ],
      acknowledged: { 'web:80': [span(0, 300), span(1_400, 2_000)] },
    },
    ...change,
  };
}

describe('disruptionBars', () => {
  it('draws the pods that were touched and the ledgers that fell silent, below a scale', () => {
    expect(disruptionBars(replaced())).to.eql([
      ' 4. graceful delete of web-0: Ready after 1.6 s, gap 1.1 s',
      '           0         200        400       600        800       1000       1200      1400 ms',
      '   web-0   █████░░░░░░░░░░░░░░░░░░░░░░░░░░······░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░█████',
      '   web:80  ███████████████                                                           ███████████████',
      '   1 more, pods and ledgers, without a pause',
    ]);
  });

  it('shows what never came back, and a silence without end, to the last column', () => {
    const lines = disruptionBars(
      replaced({
        recoveryMs: null,
        gapMs: { 'web:80': null },
        spans: {
          untilMs: 120_000,
          pods: [life('web-0', null, 30_000, span(0, 30))],
          acknowledged: { 'web:80': [span(0, 40_000)] },
        },
      }),
    );
    expect(lines).to.eql([
      ' 4. graceful delete of web-0: not Ready again, gap without end',
      '           0              20000          40000          60000         80000          100000 ms',
      '   web-0   ░░░░░░░░░░░░░░░░░░░░░░···································································',
      '   web:80  █████████████████████████████',
    ]);
  });

  it('shows what lasts for less than a column, and never more than 100 columns', () => {
    const brief = replaced({
      kind: 'a kind of disruption with a name that nobody would give it, ever, at all',
      targets: ['a-pod-with-a-name-that-is-longer-than-most-0'],
      spans: {
        untilMs: 60_000,
        pods: [
          life('a-pod-with-a-name-that-is-longer-than-most-0', null, 30_000, span(0, 30_000)),
          life('a-pod-with-a-name-that-is-longer-than-most-0', 30_001, null, span(30_001, 60_000)),
          life('web-1', null, null, span(0, 59_999)),
        ],
        acknowledged: {},
      },
    });
    const lines = disruptionBars(brief);
    expect(Math.max(...lines.map((line) => line.length))).to.equal(100);
    expect(lines[2]).to.match(/^ {3}a-pod-with-a-name-that-is-longer-…  █+·█+$/);
    expect(lines[3]).to.match(/^ {3}web-1 +█+░$/);
  });

  it('shows in the last column that a silence was over just before', () => {
    const pods = [life('web-0', null, null, span(0, 2_000))];
    const until = (toMs: number, acknowledged: Span[]) =>
      disruptionBars(
        replaced({ spans: { untilMs: toMs, pods, acknowledged: { 'web:80': acknowledged } } }),
      )[3];
    expect(until(2_000, [span(0, 300), span(1_999, 2_000)])).to.match(/ web:80 +█+ +█$/);
    expect(until(2_000, [span(0, 300)])).to.match(/ web:80 +█+$/);
  });

  it('leaves colours to the caller, and none of them in the bars', () => {
    const lines = disruptionBars(replaced(), (role, text) => `<${role}>${text}</>`);
    expect(lines[0]).to.match(/^ <title>4\. graceful.*<\/>$/);
    expect(lines[2]).to.match(/^ {3}<detail>web-0 <\/> {2}█/);
  });

  it('draws nothing of a report without spans', () => {
    const { spans, ...old } = replaced();
    expect(spans).to.not.equal(undefined);
    expect(disruptionBars(old)).to.eql([]);
  });
});

describe('timelineLines', () => {
  const report = (disruptions: DisruptionRecord[], checks: CheckResult[] = []): Report => ({
    holdfastVersion: '1.0.0',
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1_000,
    chart: { name: 'web', version: '1', appVersion: '', path: 'web' },
    images: [],
    options: {},
    cluster: { kind: 'k3s', kubernetesVersion: 'v1.34.4', nodes: ['server'] },
    helmVersion: 'v3.22.0',
    disruptions,
    ledgers: [],
    checks,
    verdict: 'proven',
  });
  const drawn = (lines: string[]) =>
    lines.flatMap((line) => /^ (\d+)\./.exec(line)?.[1] ?? []).map(Number);

  it('draws the slowest disruption of each kind, in their order, and a legend', () => {
    const lines = timelineLines(
      report([
        replaced({ number: 1, recoveryMs: 900 }),
        replaced({ number: 2 }),
        replaced({ number: 3, recoveryMs: 1_000 }),
        replaced({ number: 4, kind: 'kill of PID 1', recoveryMs: 1 }),
        replaced({ number: 5, kind: 'all at once', recoveryMs: null }),
      ]),
    );
    expect(drawn(lines)).to.eql([2, 4, 5]);
    expect(lines.at(-1)).to.equal(
      '   █ Ready, acknowledged   ░ not Ready   · no pod   blank: nothing acknowledged',
    );
  });

  it('draws those after which something was wrong as well, as far as they are few', () => {
    const evidence = (disruption: number, ok: boolean) => {
      return { object: 'web-0', disruption, ok, after: 'x' };
    };
    const check = (verdict: 'failed' | 'passed', numbers: number[], ok: boolean): CheckResult => ({
      id: 'D1',
      title: 'writes',
      verdict,
      summary: '',
      evidence: numbers.map((number) => evidence(number, ok)),
    });
    const many = Array.from({ length: 9 }, (_, index) =>
      replaced({ number: index + 1, recoveryMs: index === 8 ? 2_000 : 900 }),
    );
    expect(drawn(timelineLines(report(many)))).to.eql([9]);
    expect(drawn(timelineLines(report(many, [check('failed', [2], false)])))).to.eql([2, 9]);
    expect(drawn(timelineLines(report(many, [check('failed', [2], true)])))).to.eql([9]);
    expect(drawn(timelineLines(report(many, [check('passed', [2], false)])))).to.eql([9]);
    const all = timelineLines(report(many, [check('failed', [1, 2, 3, 4, 5, 6, 7, 9], false)]));
    expect(drawn(all)).to.eql([1, 2, 3, 4, 5, 9]);
    expect(all.at(-2)).to.equal('   and 2 more that something was wrong after');
  });

  it('is nothing without disruptions', () => {
    expect(timelineLines(report([]))).to.eql([]);
  });
});
