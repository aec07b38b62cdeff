import { expect } from 'chai';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHelm, helmClient, messageOf, run } from '@holdfast/core';
import { parseAllDocuments } from 'yaml';
import { benchRender, type BenchReport } from './bench.ts';
import { cdk8sApp } from './cdk8s-app.ts';
import { rowsOf, type Sample } from './figures.ts';
import { ourApplications, ourCharts, root, shortName } from './find-subjects.ts';
import { measureRounds, type Subject } from './rounds.ts';
import { benchTable } from './table.ts';
import { renderedObjects } from './template.ts';

const application = join(root, 'examples', 'web');
const chart = join(root, 'charts-out', 'web');
const { signal } = new AbortController();

function sample(part: Sample['part'], tool: Sample['tool'], ms: number[], more = {}): Sample {
  return { part, tool, name: `${tool} web`, chart: 'web', ms, ...more };
}

async function errorOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => messageOf(error),
  );
}

/** Text does not depend on the order of keys. */
function canonical(objects: readonly unknown[]): string[] {
  const ordered = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return objects.map((object) => JSON.stringify(object, ordered)).sort();
}

describe('render benchmark', () => {
  describe('figures', () => {
    it('gives the least and the middle one, and judges goals by both', () => {
      const [odd, even, slow] = rowsOf([
        sample('in-process', 'holdfast', [30, 10, 20]),
        sample('in-process', 'holdfast', [40, 10, 22, 20]),
        sample('in-process', 'holdfast', [21]),
      ]);
      expect(odd).to.include({ min: 10, median: 20 });
      expect(odd?.goals).to.eql([{ text: '≤ 20 ms', met: { min: true, median: true } }]);
      expect(even).to.include({ min: 10, median: 21 });
      expect(even?.goals).to.eql([{ text: '≤ 20 ms', met: { min: true, median: false } }]);
      expect(slow?.goals).to.eql([{ text: '≤ 20 ms', met: { min: false, median: false } }]);
    });

    it('sets a command beside cdk8s of the same chart', () => {
      const [ours, other] = rowsOf([
        sample('process', 'holdfast', [300, 400]),
        sample('process', 'cdk8s', [100], { chart: 'other' }),
        sample('process', 'cdk8s', [200, 400]),
      ]);
      expect(ours?.ratio).to.eql({ to: 'cdk8s', min: 1.5, median: 350 / 300 });
      expect(ours?.goals).to.eql([
        { text: '≤ 500 ms', met: { min: true, median: true } },
        { text: 'ahead of cdk8s', met: { min: false, median: false } },
      ]);
      expect(other?.ratio).to.equal(undefined);
    });

    it('takes the baseline off templates, and finds the leanest peer of the same name', () => {
      const [baseline, ours, ...peers] = rowsOf([
        sample('helm', 'baseline', [30, 50]),
        sample('helm', 'holdfast', [60, 90]),
        sample('helm', 'peer', [31, 51], { name: 'lean/other', chart: 'other' }),
        sample('helm', 'peer', [90, 140], { name: 'fat/web' }),
        sample('helm', 'peer', [60, 80], { name: 'lean/web' }),
      ]);
      expect(baseline).to.include({ min: 30, median: 40 });
      expect(ours).to.include({ min: 30, median: 35 });
      expect(peers.map(({ median }) => median)).to.eql([1, 75, 30]);
      expect(ours?.ratio).to.eql({ to: 'lean/web', min: 1, median: 35 / 30 });
      expect(ours?.goals).to.eql([
        { text: '≤ 1.25 × the leanest peer', met: { min: true, median: true } },
      ]);
    });

    it('compares with all peers where none has the name, and with none below the noise', () => {
      const helm = (ms: number[]) => [
        sample('helm', 'baseline', [30]),
        sample('helm', 'holdfast', [60]),
        sample('helm', 'peer', ms, { name: 'lean/other', chart: 'other' }),
      ];
      expect(rowsOf(helm([50]))[1]?.ratio?.to).to.equal('lean/other');
      expect(rowsOf(helm([29]))[1]).to.not.have.property('ratio');
      expect(rowsOf(helm([29]))[1]?.goals).to.eql([]);
    });
  });

  describe('rounds', () => {
    const subject = (name: string, calls: string[]): Subject => ({
      ...{ part: 'process', tool: 'holdfast', name, chart: name },
      before: () => Promise.resolve(calls.push(`before ${name}`)),
      call: () => Promise.resolve(calls.push(name)),
    });

    it('measures all once a round, and does not count the first round', async () => {
      const calls: string[] = [];
      const samples = await measureRounds([subject('a', calls), subject('b', calls)], 2, signal);
      const measured = calls.filter((call) => !call.startsWith('before'));
      for (const round of [0, 2, 4]) {
        expect(measured.slice(round, round + 2)).to.have.members(['a', 'b']);
      }
      expect(calls.slice(0, 2)).to.eql([`before ${measured[0] ?? ''}`, measured[0]]);
      expect(samples.map(({ name, ms }) => [name, ms.length])).to.eql([
        ['a', 2],
        ['b', 2],
      ]);
      const often = { ...subject('a', []), perRound: 3 };
      const [measuredOften] = await measureRounds([often], 2, signal);
      expect(measuredOften?.ms).to.have.length(6);
    });

    it('ends with the reason that it is aborted for, and with what a call throws', async () => {
      const aborted = AbortSignal.abort(new Error('stopped by SIGINT'));
      const never = subject('a', []);
      expect(await errorOf(measureRounds([never], 1, aborted))).to.equal('stopped by SIGINT');
      const failing = { ...never, call: () => Promise.reject(new Error('does not render')) };
      expect(await errorOf(measureRounds([failing], 1, signal))).to.equal('does not render');
    });
  });

  describe('on this repository', () => {
    let folder: string;
    let helm: string;
    let report: BenchReport;
    const options = { applications: [application], charts: [chart], peers: [], rounds: 1 };
    const left = async () => (await readdir(folder)).filter((name) => name !== 'own');

    before(async function () {
      // Helm is built where there is none.
      this.timeout(300_000);
      helm = await findHelm();
      folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-test-'));
      await mkdir(join(folder, 'own'));
      const before = process.env['TMPDIR'];
      process.env['TMPDIR'] = folder;
      try {
        report = await benchRender({ ...options, helm, signal });
      } finally {
        if (before === undefined) delete process.env['TMPDIR'];
        else process.env['TMPDIR'] = before;
      }
    });

    after(() => rm(folder, { recursive: true, force: true }));

    it('finds what there is to measure', async () => {
      expect(await ourApplications()).to.include(application);
      expect(await ourCharts()).to.include(chart);
      expect(shortName(chart)).to.equal('charts-out/web');
      expect(shortName('/somewhere/peers/lean/web')).to.equal('lean/web');
    });

    it('measures every part, and leaves no file', async () => {
      const lines = report.rows.map(({ part, tool, chart }) => `${part} ${tool} ${chart}`.trim());
      expect(lines).to.eql([
        'in-process holdfast web',
        'in-process cdk8s web',
        'process baseline',
        'process holdfast web',
        'process cdk8s web',
        'helm baseline',
        'helm holdfast web',
      ]);
      for (const { ms, name, part } of report.rows) {
        expect(ms, name).to.have.length(part === 'helm' ? 4 : 1);
        expect(Math.min(...ms), name).to.be.greaterThan(0);
      }
      expect(report.helmVersion).to.match(/^v\d/);
      expect(await left()).to.eql([]);
    });

    it('says by which figure a goal is met', () => {
      const goalOf = (ms: number[]) => {
        const rows = rowsOf([sample('in-process', 'holdfast', ms)]);
        return benchTable({ ...report, rows })
          .split('\n')
          .slice(1)
          .join();
      };
      expect(goalOf([10]))
        .to.include('≤ 20 ms: met,')
        .and.include('1 met by min and median, 0 not');
      expect(goalOf([30]))
        .to.include('≤ 20 ms: missed,')
        .and.include('0 met');
      expect(goalOf([10, 40]))
        .to.include('≤ 20 ms: met by the min alone,')
        .and.include('0 met');
    });

    it('prints a line for each of them', () => {
      const lines = benchTable(report).split('\n');
      expect(lines.filter((line) => line.startsWith('  '))).to.have.length(8); // headings included
      expect(lines[0]).to.include('1 interleaved rounds');
      expect(lines.at(-1)).to.match(/^goals: \d met by min and median, \d not$/);
    });

    it('has cdk8s make the objects that the chart renders to, here and as a process', async () => {
      const objects = await renderedObjects(chart, helmClient(helm));
      const file = join(folder, 'own', 'objects.json');
      await writeFile(file, JSON.stringify(objects));
      const parsed = (text: string) => {
        const documents = parseAllDocuments(text);
        return Array.isArray(documents) ? documents.map((one) => one.toJS() as unknown) : [];
      };
      const out = join(folder, 'own', 'out');
      const program = join(import.meta.dirname, 'cdk8s-main.ts');
      expect(await run(process.execPath, [program, file, out])).to.include({ exitCode: 0 });
      const [written = ''] = await readdir(out);
      for (const text of [
        (await cdk8sApp(file)).synthYaml(),
        await readFile(join(out, written), 'utf8'),
      ]) {
        expect(canonical(parsed(text))).to.eql(canonical(objects));
      }
    });

    it('refuses arguments and charts that are wrong before it measures', async () => {
      const main = join(import.meta.dirname, 'main.ts');
      for (const [args, message] of [
        [['--rounds', '0'], '--rounds takes a whole number'],
        [['--json', join(folder, 'missing', 'file')], 'the folder of --json does not exist'],
        [['--pears', 'x'], 'npm run -s bench:render -- [--rounds N]'],
      ] as const) {
        const result = await run(process.execPath, [main, ...args]);
        expect(result.exitCode).to.equal(2);
        expect(result.stderr).to.include(message);
      }
      const peers = [join(folder, 'own')];
      const refused = benchRender({ ...options, applications: [], peers, helm, signal });
      expect(await errorOf(refused)).to.include('not a chart');
    }).timeout(20_000);
  });
});
