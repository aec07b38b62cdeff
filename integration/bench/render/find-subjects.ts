import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isThere } from '@holdfast/core';

/**
 * The repository's root. It is not imported from integration/holdfast.ts, which brings the test bed
 * along: what that leaves in memory would weigh on what is measured here.
 */
export const root = join(import.meta.dirname, '..', '..', '..');

async function foldersWith(file: string, parent: string): Promise<string[]> {
  const dir = join(root, parent);
  if (!(await isThere(dir))) return [];
  const folders = (await readdir(dir)).sort().map((name) => join(dir, name));
  const found = await Promise.all(folders.map((folder) => isThere(join(folder, file))));
  return folders.filter((_, index) => found[index]);
}

/** The folders of our applications: those of `templates` and `examples` that hold an app.yaml. */
export async function ourApplications(): Promise<string[]> {
  const parents = ['templates', 'examples'];
  return (await Promise.all(parents.map((parent) => foldersWith('app.yaml', parent)))).flat();
}

/** The folders of our generated charts. */
export async function ourCharts(): Promise<string[]> {
  return foldersWith('Chart.yaml', 'charts-out');
}

/** A folder for people: "examples/web", or its last two names where it is not below the root. */
export function shortName(path: string): string {
  const inside = relative(root, path);
  return inside.startsWith('..') ? join(basename(dirname(path)), basename(path)) : inside;
}
