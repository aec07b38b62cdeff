import { existsSync, readdirSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { generateChart, writeChart, type ChartOptions } from '../index.ts';
import type { Data } from './data.fixture.ts';
import { definitions } from './definitions.fixture.ts';
import type { Schema } from './schema.fixture.ts';
import { newFolder, once, writeFiles } from './scratch.fixture.ts';

/** Values that a chart is tested with. */
export interface ValueSet {
  /** "everything-values.yaml" */
  name: string;
  values: Data;
}

/** A chart that the rules are tried on; everything is made when it is asked for, once. */
export interface Chart {
  /** What tests call it. */
  title: string;
  name: string;
  /** The folder of its definition. */
  definition(): Promise<string>;
  dir(): Promise<string>;
  sets(): Promise<ValueSet[]>;
  schema(): Promise<Schema>;
  /** values.yaml as data. */
  defaults(): Promise<Data>;
}

export const root = fileURLToPath(new URL('../../../..', import.meta.url));

function chartAt(title: string, name: string, where: Pick<Chart, 'definition' | 'dir'>): Chart {
  const read = async (path: string) => readFile(join(await where.dir(), path), 'utf8');
  return {
    ...where,
    title,
    name,
    sets: once(async () => {
      const names = readdirSync(join(await where.dir(), 'ci')).sort();
      const texts = await Promise.all(names.map((file) => read(`ci/${file}`)));
      return names.map((file, index) => ({
        name: file,
        values: (parse(texts[index] ?? '', { version: '1.1' }) ?? {}) as Data,
      }));
    }),
    schema: once(async () => JSON.parse(await read('values.schema.json')) as Schema),
    defaults: once(async () => parse(await read('values.yaml'), { version: '1.1' }) as Data),
  };
}

function foldersOf(path: string): string[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The folders of this repository's applications. */
export const applications: readonly string[] = ['templates', 'examples'].flatMap((path) =>
  foldersOf(path)
    .map((name) => join(root, path, name))
    .filter((dir) => existsSync(join(dir, 'app.yaml'))),
);

/** The charts that are committed. */
export const committed: readonly Chart[] = foldersOf('charts-out').map((name) =>
  chartAt(name, name, {
    dir: () => Promise.resolve(join(root, 'charts-out', name)),
    definition: () =>
      Promise.resolve(applications.find((dir) => dir.endsWith(`/${name}`)) ?? `no ${name}`),
  }),
);

/** A chart of a definition's folder, generated now. */
export function generated(
  title: string,
  name: string,
  definition: () => Promise<string>,
  options: ChartOptions = {},
): Chart {
  const dir = once(async () => {
    const chart = join(await newFolder(), name);
    await writeChart(await generateChart(await definition(), options), chart);
    return chart;
  });
  return chartAt(title, name, { definition, dir });
}

/** The charts of the tests' own definitions. */
export const invented: readonly Chart[] = definitions.map(({ title, name, files }) => {
  const folder = once(async () => {
    const dir = await newFolder();
    await writeFiles(dir, files);
    return dir;
  });
  return generated(`of a definition ${title}`, name, folder);
});

/** All charts that the rules hold for. */
export const charts: readonly Chart[] = [...committed, ...invented];

/** Those of which every value is tried: the committed ones, and one with all that there is. */
export const chartsInFull: readonly Chart[] = [...committed, ...invented.slice(-1)];

/** A copy of a chart, changed. */
export async function copyOf(
  chart: Chart,
  edits: Readonly<Record<string, (text: string) => string>>,
): Promise<string> {
  const dir = join(await newFolder(), chart.name);
  await cp(await chart.dir(), dir, { recursive: true });
  for (const [path, edit] of Object.entries(edits)) {
    const text = existsSync(join(dir, path)) ? await readFile(join(dir, path), 'utf8') : '';
    await writeFile(join(dir, path), edit(text));
  }
  return dir;
}
