import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { badInput, environmentError, messageOf } from '@holdfast/core';
import { parse } from 'yaml';
import type { GeneratedChart } from './chart.ts';

/** What writing did, as paths relative to the chart's folder, in order. */
export interface WriteResult {
  created: string[];
  changed: string[];
  removed: string[];
  unchanged: string[];
}

/** A file that is not as it is generated. */
export interface Drift {
  /** Relative to the chart's folder. */
  path: string;
  /** It is not there, its text differs, or it is no longer generated. */
  kind: 'missing' | 'changed' | 'stale';
}

/** Says in Chart.yaml that the folder is ours, and whose. */
const mark = 'holdfast.dev/application';

/**
 * The folders that hold generated files only. Elsewhere (the chart's root, charts/) a file that is
 * not generated is somebody's own: it is neither drift nor removed.
 */
const owned = /^(templates|files|ci)\//;

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
}

async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw badInput('this is not a folder', { object: dir, cause: error });
    },
  );
  const files = entries.filter((entry) => !entry.isDirectory());
  const paths = files.map((entry) => relative(dir, join(entry.parentPath, entry.name)));
  return paths.map((path) => path.split(sep).join('/')).sort();
}

/** Whose chart is it, by the mark in its Chart.yaml? */
function ownerOf(chartYaml: string | undefined): unknown {
  if (chartYaml === undefined) return undefined;
  try {
    const data = parse(chartYaml) as { annotations?: Record<string, unknown> } | null;
    return data?.annotations?.[mark];
  } catch {
    return undefined;
  }
}

/**
 * Compares a generated chart with a folder.
 *
 * @returns the files that differ, in order; none when the folder holds exactly this chart
 */
export async function compareChart(chart: GeneratedChart, dir: string): Promise<Drift[]> {
  const drift: Drift[] = [];
  for (const [path, text] of chart.files) {
    const there = await textOf(join(dir, path));
    if (there === undefined) drift.push({ path, kind: 'missing' });
    else if (there !== text) drift.push({ path, kind: 'changed' });
  }
  for (const path of await filesBelow(dir)) {
    if (owned.test(path) && !chart.files.has(path)) drift.push({ path, kind: 'stale' });
  }
  return drift.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function put(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  } catch (cause) {
    throw environmentError(`the file cannot be written: ${messageOf(cause)}`, {
      object: file,
      cause,
    });
  }
}

/**
 * Writes a generated chart into a folder, which is made when it is missing. What is no longer
 * generated is removed from the folders templates, files and ci; nothing else is.
 *
 * @throws HoldfastError (badInput) when the folder holds something else than this chart;
 *   HoldfastError (environment) when a file cannot be written
 */
export async function writeChart(chart: GeneratedChart, outDir: string): Promise<WriteResult> {
  const owner = ownerOf(await textOf(join(outDir, 'Chart.yaml')));
  if (owner !== chart.name && (await filesBelow(outDir)).length > 0) {
    throw badInput(
      typeof owner === 'string'
        ? `the folder holds the chart "${owner}", not "${chart.name}"`
        : 'the folder is not empty and holds no chart that Holdfast generated',
      { object: outDir, hint: 'give an empty or a new folder' },
    );
  }
  const drift = await compareChart(chart, outDir);
  const paths = (kind: Drift['kind']) =>
    drift.filter((entry) => entry.kind === kind).map(({ path }) => path);
  const [created, changed, removed] = [paths('missing'), paths('changed'), paths('stale')];
  for (const path of [...created, ...changed]) {
    await put(join(outDir, path), chart.files.get(path) ?? '');
  }
  for (const path of removed) await rm(join(outDir, path));
  const touched = new Set([...created, ...changed]);
  const unchanged = [...chart.files.keys()].filter((path) => !touched.has(path));
  return { created, changed, removed, unchanged };
}
