import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { badInput } from '@holdfast/core';

/** A folder's files: paths relative to it with forward slashes, in order, and their text. */
export type Folder = Map<string, string>;

/** All that a chart is generated from, read and not yet looked at. */
export interface Sources {
  /** app.yaml as the user knows it, and its text. */
  definition: { file: string; text: string };
  /** The features' folders by name. */
  features: Map<string, Folder>;
  /** The folder that the features stand in, as the user knows it. */
  featuresDir: string;
}

/** A path as the user knows it: relative where it is below the working directory. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return (short === '' || short.startsWith('..') ? path : short).split(sep).join('/');
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/**
 * Reads all files below a folder.
 *
 * @throws HoldfastError (badInput) when the folder does not exist
 */
export async function loadFolder(dir: string): Promise<Folder> {
  if (!(await isFolder(dir))) throw badInput('the folder does not exist', { object: shown(dir) });
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(dir, join(entry.parentPath, entry.name)));
  const texts = await Promise.all(paths.sort().map((path) => readFile(join(dir, path), 'utf8')));
  return new Map(paths.map((path, index) => [path.split(sep).join('/'), texts[index] ?? '']));
}

/**
 * Reads a definition's folder and the templates.
 *
 * @param dir folder that holds app.yaml
 * @param templates folder that holds _shared
 * @throws HoldfastError (badInput) when a folder or app.yaml is missing
 */
export async function load(dir: string, templates: string): Promise<Sources> {
  if (!(await isFolder(dir))) {
    throw badInput('the folder does not exist', {
      object: shown(dir),
      hint: 'give a folder that holds an app.yaml',
    });
  }
  const file = join(dir, 'app.yaml');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw badInput('the folder holds no app.yaml', {
      object: shown(dir),
      hint: 'begin with a copy of examples/web/app.yaml',
      cause,
    });
  });
  const featuresDir = join(templates, '_shared');
  const features = new Map<string, Folder>();
  for (const [path, content] of await loadFolder(featuresDir)) {
    const [name = '', ...rest] = path.split('/');
    if (rest.length === 0) continue; // stands beside the features, belongs to none
    const folder = features.get(name) ?? new Map<string, string>();
    features.set(name, folder.set(rest.join('/'), content));
  }
  return { definition: { file: shown(file), text }, features, featuresDir: shown(featuresDir) };
}
