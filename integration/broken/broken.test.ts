import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue, loadDriver, selectChecks, selectKinds } from '@holdfast/harness';
import {
  applicationOf,
  applications,
  applyEdits,
  type BrokenChart,
  brokenCharts,
  chartFolder,
  soundCharts,
} from './charts.ts';
import { isRight, type Outcome, outcomeTable } from './table.ts';

const charts = await brokenCharts();

/** Checks that no chart can be made to fail, and what keeps it from that. */
const unbreakable: Readonly<Record<string, string>> = {
  I1: 'the StatefulSet controller gives pods their names',
  I3: 'the StatefulSet controller gives pods these labels',
  I4: 'the StatefulSet controller owns what it makes',
  B2: 'the API server enforces budgets',
};
const chart: BrokenChart = {
  name: 'x',
  title: 'a title',
  base: 'web',
  breaks: ['D1', 'D2'],
  only: ['D'],
  disrupt: ['graceful'],
};

describe('charts broken on purpose', () => {
  for (const broken of charts) {
    it(`${broken.name} names checks that there are, and others that it does not fail`, () => {
      const chosen = selectChecks(broken.only).map(({ id }) => id);
      const order = catalogue.map(({ id }) => id);
      expect(broken.breaks).to.have.length.greaterThan(0);
      expect(chosen).to.include.members(broken.breaks);
      expect(chosen.length, 'others').to.be.greaterThan(broken.breaks.length);
      const sorted = [...broken.breaks].sort((a, b) => order.indexOf(a) - order.indexOf(b));
      expect(broken.breaks).to.eql(sorted);
      selectKinds(broken.disrupt);
    });
  }

  it('are there for every check that a chart can fail', () => {
    const broken = new Set(charts.flatMap(({ breaks }) => breaks));
    const without = catalogue.map(({ id }) => id).filter((id) => !broken.has(id));
    expect(without).to.have.members(Object.keys(unbreakable));
  });

  it('are overlays on applications that can be proven, each of which is broken by one', async () => {
    const bases = new Set(charts.map(({ base }) => base));
    expect([...bases]).to.have.members(Object.keys(applications));
    for (const { chart: folder, driver } of Object.values(applications)) {
      expect(existsSync(join(folder, 'Chart.yaml')), folder).to.equal(true);
      await loadDriver(driver);
    }
    expect(() => applicationOf({ ...chart, base: 'other' })).to.throw(
      'x: other is none of copies, redis, web',
    );
  });

  it('find what they edit, and leave the chart itself alone', async () => {
    const edited = charts.filter(({ edits }) => edits !== undefined);
    expect(edited).to.have.length.greaterThan(0);
    for (const broken of edited) {
      const [edit] = broken.edits ?? [];
      if (!edit) throw new Error(broken.name);
      let path: string;
      {
        await using folder = await chartFolder(broken);
        ({ path } = folder);
        expect(await readFile(join(path, edit.file), 'utf8')).to.contain(edit.to);
      }
      expect(existsSync(path)).to.equal(false);
      await using sound = await chartFolder({ ...broken, edits: [] });
      expect(await readFile(join(sound.path, edit.file), 'utf8')).to.not.contain(edit.to);
    }
  });

  it('are refused where what they edit is not there, or more than once', async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'holdfast-edits-'));
    try {
      await writeFile(join(scratch, 'file'), 'one two two');
      const failure = (from: string) =>
        applyEdits(scratch, [{ file: 'file', from, to: 'x' }]).then(
          () => 'none',
          (error: unknown) => (error as Error).message,
        );
      expect(await failure('three')).to.equal('file has 0 times: three');
      expect(await failure('two')).to.equal('file has 2 times: two');
      expect(await failure('one')).to.equal('none');
      expect(await readFile(join(scratch, 'file'), 'utf8')).to.equal('x two two');
    } finally {
      await rm(scratch, { recursive: true });
    }
  });

  it('stand beside their applications as they are, by all the same checks', () => {
    const redis: BrokenChart = { ...chart, base: 'redis', only: ['R'], disrupt: ['force'] };
    const sound = soundCharts([chart, { ...chart, only: ['H', 'D'], disrupt: ['force'] }, redis]);
    expect(
      sound.map(({ base, breaks, only, disrupt }) => ({ base, breaks, only, disrupt })),
    ).to.eql([
      { base: 'redis', breaks: [], only: ['R'], disrupt: ['force'] },
      { base: 'web', breaks: [], only: ['D', 'H'], disrupt: ['graceful', 'force'] },
    ]);
  });
});

describe('the table of outcomes', () => {
  const outcome = (failed: string[], ms: number, error?: string): Outcome => {
    return { chart, failed, ms, ...(error === undefined ? {} : { error }) };
  };

  it('counts what failed as it must, and tells all else', () => {
    const outcomes = [
      outcome(['D1', 'D2'], 61_000),
      outcome(['D1'], 59_000),
      outcome([], 60_000),
      outcome([], 60_000, 'no cluster'),
    ];
    expect(outcomes.map(isRight)).to.eql([true, false, false, false]);
    expect(outcomeTable(outcomes)).to.eql([
      'chart    fails  as it must  took     otherwise',
      'a title  D1 D2  1 of 4      59–61 s  rejected by D1; rejected by nothing; no cluster',
    ]);
  });

  it('takes a sound chart for right when nothing fails', () => {
    const sound = { ...chart, breaks: [] };
    expect(isRight({ chart: sound, failed: [], ms: 1 })).to.equal(true);
    expect(isRight({ chart: sound, failed: ['R1'], ms: 1 })).to.equal(false);
    expect(outcomeTable([{ chart: sound, failed: [], ms: 1_000 }])[1]).to.equal(
      'a title  none   1 of 1      1 s',
    );
  });
});
