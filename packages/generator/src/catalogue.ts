import { join } from 'node:path';
import { badInput, isThere } from '@holdfast/core';
import { parseFeature } from './feature.ts';
import { isObject } from './fragment.ts';
import { loadFolder, type Folder } from './load.ts';
import { parseSource } from './source-text.ts';
import { suggest } from './suggest.ts';

/** An application that comes with the templates. */
export interface ApplicationEntry {
  name: string;
  description: string;
  /** Version of the chart. */
  version: string;
  appVersion: string;
  /** The folder that holds its app.yaml. */
  dir: string;
}

/** A feature that comes with the templates. */
export interface FeatureEntry {
  name: string;
  title: string;
  description: string;
  /** Is it in every chart that does not leave it out? */
  default: boolean;
  /** Path in the model that must hold something where it is not; "" where it is. */
  when: string;
  requires: string[];
  conflicts: string[];
}

const sharedFolder = '_shared';

/** The folders directly below one, each with its own files. */
function foldersIn(all: Folder): Map<string, Folder> {
  const folders = new Map<string, Folder>();
  for (const [path, text] of all) {
    const [name = '', ...rest] = path.split('/');
    if (rest.length === 0) continue;
    const folder = folders.get(name) ?? new Map<string, string>();
    folders.set(name, folder.set(rest.join('/'), text));
  }
  return folders;
}

/** A text of a definition, for people to choose by; whether all of it is valid is not looked at. */
function textOf(data: unknown, key: string): string {
  const value = isObject(data) ? data[key] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/**
 * The applications that come with the templates, in the order of their names.
 *
 * @param templates folder that holds _shared and a folder for each application
 * @throws HoldfastError (badInput) for an app.yaml that is not YAML, or that has another name than its
 *   folder
 */
export async function listApplications(templates: string): Promise<ApplicationEntry[]> {
  const entries: ApplicationEntry[] = [];
  for (const [name, folder] of foldersIn(await loadFolder(templates))) {
    const text = folder.get('app.yaml');
    if (name === sharedFolder || text === undefined) continue;
    const dir = join(templates, name);
    const { data, file } = parseSource(`${dir}/app.yaml`, text);
    const own = textOf(data, 'name');
    if (own !== name) {
      throw badInput(`the application calls itself "${own}"`, {
        object: file,
        hint: 'give it the name of its folder',
      });
    }
    entries.push({
      name,
      description: textOf(data, 'description'),
      version: textOf(data, 'version') || '0.1.0',
      appVersion: textOf(data, 'appVersion'),
      dir,
    });
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The folder of an application that comes with the templates.
 *
 * @param templates folder that holds _shared and a folder for each application
 * @throws HoldfastError (badInput) that names the nearest when there is none of that name
 */
export async function findApplication(templates: string, name: string): Promise<string> {
  const dir = join(templates, name);
  const isName = /^[a-z][-a-z0-9]*$/.test(name);
  if (isName && (await isThere(join(dir, 'app.yaml')))) return dir;
  const known = (await listApplications(templates)).map((entry) => entry.name);
  const near = suggest(name, known) ?? 'none comes with these templates';
  throw badInput(`there is no application "${name}", and no folder with an app.yaml either`, {
    object: name,
    hint: `${near} (all of them: holdfast list)`,
  });
}

/**
 * The features that charts are composed of, in their order in values.yaml.
 *
 * @param templates folder that holds _shared
 * @throws HoldfastError (badInput) for a feature.yaml that is wrong
 */
export async function listFeatures(templates: string): Promise<FeatureEntry[]> {
  const dir = join(templates, sharedFolder);
  const features = [...foldersIn(await loadFolder(dir))].map(([name, folder]) =>
    parseFeature(name, `${dir}/${name}`, folder),
  );
  features.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  return features.map(({ name, title, description, when, requires, conflicts }) => ({
    name,
    title,
    description,
    default: when === '',
    when,
    requires,
    conflicts,
  }));
}
