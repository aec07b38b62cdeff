import { badInput } from '@holdfast/core';
import type { Feature } from './feature.ts';
import type { Sources } from './load.ts';
import type { Model, MountedFiles, Role } from './model.ts';
import { suggest } from './suggest.ts';

const kinds = ['configuration', 'scripts'] as const;

/** The mounted folders of a role, with the key that mounts each. */
function mountsOf(role: Role): { kind: (typeof kinds)[number]; files: MountedFiles }[] {
  return kinds.map((kind) => ({ kind, files: role[kind] }));
}

const keyHint = 'give it a name of letters, digits, dots, dashes and underscores, and no folder';

/** Can a ConfigMap have this key? */
function isKey(name: string): boolean {
  return /^[-._a-zA-Z0-9]+$/.test(name) && name !== '.' && !name.startsWith('..');
}

/** What is wrong with a file below files/, and what to do about it. */
function misplaced(path: string, model: Model): { message: string; hint: string } | undefined {
  const mounts = model.roles.flatMap(mountsOf);
  const mount = mounts.find(({ files }) => path.startsWith(`${files.folder}/`));
  if (mount === undefined) {
    const [folder] = /^files\/([^/]+\/)?(config|scripts)(?=\/)/.exec(path) ?? [];
    if (folder === undefined) return undefined;
    const folders = mounts.map(({ files }) => files.folder);
    const message = `no role has the folder "${folder}"`;
    return { message, hint: suggest(folder, folders) ?? 'move it' };
  }
  const { kind, files } = mount;
  if (files.path === '') {
    const hint = `give the role "${kind}: { mountPath: … }"`;
    return { message: 'the file is mounted nowhere', hint };
  }
  const name = path.slice(files.folder.length + 1);
  if (isKey(name)) return undefined;
  return { message: `"${name}" cannot be a key of a ConfigMap`, hint: keyHint };
}

function checkMounted(sources: Sources, model: Model): void {
  for (const path of sources.application.keys()) {
    const wrong = misplaced(path, model);
    if (wrong === undefined) continue;
    const { message, hint } = wrong;
    throw badInput(message, { object: `${sources.applicationDir}/${path}`, hint });
  }
}

/**
 * The files that a chart carries beside its templates: those of its features and of the application's
 * folder as they are, and those that stand in the definition itself.
 *
 * @throws HoldfastError (badInput) for a file that no role mounts, that no ConfigMap can hold, or that
 *   is there twice
 */
export function chartFiles(
  sources: Sources,
  features: readonly Feature[],
  model: Model,
): Map<string, string> {
  checkMounted(sources, model);
  const files = new Map<string, string>();
  for (const feature of features) {
    for (const path of feature.paths.filter((name) => name.startsWith('files/'))) {
      const found = feature.file(path);
      if (found === undefined) continue;
      if (files.has(path)) throw badInput('another feature has this file', { object: found.file });
      files.set(path, found.text);
    }
  }
  for (const { kind, files: mounted } of model.roles.flatMap(mountsOf)) {
    for (const { name, text } of mounted.inline) {
      const path = `${mounted.folder}/${name}`;
      const object = `${sources.definition.file} ${kind}.files`;
      if (!isKey(name)) {
        throw badInput(`"${name}" cannot be a key of a ConfigMap`, { object, hint: keyHint });
      }
      if (files.has(path)) {
        throw badInput(`"${name}" stands in the folder as well`, {
          object,
          hint: `remove one of the two: here, or ${sources.applicationDir}/${path}`,
        });
      }
      files.set(path, text);
    }
  }
  return files;
}
