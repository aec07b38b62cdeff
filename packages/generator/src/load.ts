import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { badInput } from '@holdfast/core';
import { suggest } from './suggest.ts';

/** A folder's files: paths relative to it with forward slashes, in order, and their text. */
export type Folder = Map<string, string>;

/** All that a chart is generated from, read and not yet looked at. */
export interface Sources {
  /** app.yaml as the user knows it, and its text. */
  definition: { file: string; text: string };
  /** What else of the application's folder goes into its chart: fragments, templates, files, value sets. */
  application: Folder;
  /** The application's folder as the user knows it. */
  applicationDir: string;
  /** Schemas that fragments refer to by name, as YAML. */
  definitions: { file: string; text: string };
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

/** Text goes into a ConfigMap; anything else would come out changed. */
function readText(file: string): string {
  const bytes = readFileSync(file);
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw badInput('the file is not text in UTF-8', {
    object: shown(file),
    hint: 'put binary files into the image',
  });
}

/** What editors and systems leave behind, such as .DS_Store and values.yaml~, is no part of anything. */
function isLeftover(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~');
}

/** The fragments that a folder may hold. */
const fragments = [
  'values.yaml',
  'values.role.yaml',
  'values.volume.yaml',
  'rules.yaml',
  'rules.role.yaml',
];

/** A fragment of another name would be left out without a word. */
function checkFragment(name: string, known: readonly string[], dir: string): void {
  if (known.includes(name)) return;
  const hint = suggest(name, known);
  throw badInput('nothing reads a file of this name', {
    object: `${dir}/${name}`,
    ...(hint && { hint }),
  });
}

/**
 * Reads all files below a folder, but for what editors and systems leave behind; without a thread for
 * each, which would take longer than the reading.
 *
 * @throws HoldfastError (badInput) when the folder does not exist, and for a file that is not text
 */
export async function loadFolder(dir: string): Promise<Folder> {
  if (!(await isFolder(dir))) throw badInput('the folder does not exist', { object: shown(dir) });
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(dir, join(entry.parentPath, entry.name)));
  const wanted = paths.filter((path) => !path.split(sep).some(isLeftover));
  return new Map(
    wanted.sort().map((path) => [path.split(sep).join('/'), readText(join(dir, path))]),
  );
}

/** The parts of an application's folder that go into its chart; what else lies there is the user's. */
async function loadApplication(dir: string): Promise<Folder> {
  const folder: Folder = new Map();
  for (const part of ['ci', 'files']) {
    if (!(await isFolder(join(dir, part)))) continue;
    for (const [path, text] of await loadFolder(join(dir, part)))
      folder.set(`${part}/${path}`, text);
  }
  for (const name of readdirSync(dir).sort()) {
    const isFragment = /^(values|rules)[a-z.]*\.ya?ml$/.test(name);
    if (isLeftover(name) || !(isFragment || name.endsWith('.hbs'))) continue;
    if (isFragment) checkFragment(name, fragments, shown(dir));
    folder.set(name, readText(join(dir, name)));
  }
  return folder;
}

/**
 * Reads a definition's folder and the templates.
 *
 * @param dir folder that holds app.yaml
 * @param templates folder that holds _shared
 * @throws HoldfastError (badInput) when a folder or app.yaml is missing, and for a fragment of a name
 *   that nothing reads
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
  const definitions = { file: `${shown(featuresDir)}/definitions.yaml`, text: '{}' };
  for (const [path, content] of await loadFolder(featuresDir)) {
    const [name = '', ...rest] = path.split('/');
    if (path === 'definitions.yaml') definitions.text = content;
    if (rest.length === 0) continue; // stands beside the features, belongs to none
    if (/^[^/]+\.ya?ml$/.test(rest.join('/'))) {
      checkFragment(
        rest.join('/'),
        ['feature.yaml', ...fragments],
        `${shown(featuresDir)}/${name}`,
      );
    }
    const folder = features.get(name) ?? new Map<string, string>();
    features.set(name, folder.set(rest.join('/'), content));
  }
  return {
    definition: { file: shown(file), text },
    application: await loadApplication(dir),
    applicationDir: shown(dir),
    definitions,
    features,
    featuresDir: shown(featuresDir),
  };
}
