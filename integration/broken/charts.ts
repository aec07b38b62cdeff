import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { type Limits, selectKinds } from '@holdfast/harness';
import { root } from '../holdfast.ts';

/** A chart that is proven, and what it takes to prove it here. */
export interface Application {
  chart: string;
  driver: string;
  /** Keys of its values whose image the test bed has, by the name there; where `setsFor` knows no more. */
  images?: Readonly<Record<string, string>>;
}

const handWritten = join(root, 'integration', 'copies');

/** What broken charts are overlays on. */
export const applications: Readonly<Record<string, Application>> = {
  copies: {
    chart: join(handWritten, 'chart'),
    driver: join(handWritten, 'proof'),
    images: { image: 'redis' },
  },
  redis: {
    chart: join(root, 'charts-out', 'redis'),
    driver: join(root, 'templates', 'redis', 'proof'),
  },
  web: { chart: join(root, 'charts-out', 'web'), driver: join(root, 'examples', 'web', 'proof') },
};

/** The application that a chart breaks. */
export function applicationOf({ name, base }: BrokenChart): Application {
  const found = applications[base];
  if (found) return found;
  throw new Error(`${name}: ${base} is none of ${Object.keys(applications).join(', ')}`);
}

/** A text of a chart that is put in another's place; it must be there exactly once. */
export interface Edit {
  /** Path in the chart. */
  file: string;
  from: string;
  to: string;
}

/** A chart to be judged: one broken on purpose, as a small overlay on a chart that is proven. */
export interface BrokenChart {
  /** The name of its folder. */
  name: string;
  title: string;
  /** The application: a key of `applications`. */
  base: string;
  /** The value file that breaks it, where values can. */
  values?: string;
  /** What breaks it where no value can. */
  edits?: Edit[];
  /** The checks that it must fail: no more, no fewer. */
  breaks: string[];
  /** Other limits than a proof's own, in milliseconds, where it would wait for all of them. */
  limits?: Partial<Limits>;
  /** The checks that are tried, by id or family. */
  only: string[];
  /** The kinds of disruption, by id; only one where none is named. */
  disrupt: string[];
}

type About = Omit<BrokenChart, 'name' | 'values' | 'disrupt'> & { disrupt?: string[] };

async function readBroken(folder: string): Promise<BrokenChart> {
  const about = parse(await readFile(join(folder, 'broken.yaml'), 'utf8')) as About;
  const values = (await readdir(folder)).includes('values.yaml')
    ? { values: join(folder, 'values.yaml') }
    : {};
  return { disrupt: ['graceful'], ...about, ...values, name: basename(folder) };
}

/** Reads the broken charts of this folder, sorted by name. */
export async function brokenCharts(): Promise<BrokenChart[]> {
  const entries = await readdir(import.meta.dirname, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readBroken(join(import.meta.dirname, name))));
}

/** The same applications as they are: what rejects their broken charts must not reject them. */
export function soundCharts(broken: readonly BrokenChart[]): BrokenChart[] {
  return [...new Set(broken.map(({ base }) => base))].sort().map((base) => {
    const those = broken.filter((chart) => chart.base === base);
    const kinds = those.flatMap(({ disrupt }) => disrupt);
    return {
      name: `${base}-as-it-is`,
      title: `${base} as it is`,
      base,
      breaks: [],
      only: [...new Set(those.flatMap(({ only }) => only))].sort(),
      disrupt: selectKinds(kinds).map(({ id }) => id),
    };
  });
}

/** Puts each edit's text in the other's place, in the chart at a path. */
export async function applyEdits(chart: string, edits: readonly Edit[]): Promise<void> {
  for (const { file, from, to } of edits) {
    const path = join(chart, file);
    const parts = (await readFile(path, 'utf8')).split(from);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${from}`);
    await writeFile(path, parts.join(to));
  }
}

/** A chart's folder; disposing of it removes what was made for it. */
export interface ChartFolder extends AsyncDisposable {
  path: string;
}

/** The chart itself, or a copy of it with its edits. */
export async function chartFolder(broken: BrokenChart): Promise<ChartFolder> {
  const { base, edits = [] } = broken;
  const { chart } = applicationOf(broken);
  if (edits.length === 0) return { path: chart, [Symbol.asyncDispose]: () => Promise.resolve() };
  await using made = new AsyncDisposableStack();
  const scratch = await mkdtemp(join(tmpdir(), 'holdfast-broken-'));
  made.defer(() => rm(scratch, { recursive: true, force: true }));
  const path = join(scratch, base);
  await cp(chart, path, { recursive: true });
  await applyEdits(path, edits);
  const all = made.move();
  return { path, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
