import { badInput } from '@holdfast/core';
import type { Feature } from './feature.ts';
import type { Sources } from './load.ts';
import type { Model, MountedFiles, Role } from './model.ts';

const kinds = ['configuration', 'scripts'] as const;

/** The mounted folders of a role, with the key that mounts each. */
function mountsOf(role: Role): { kind: (typeof kinds)[number]; files: MountedFiles }[] {
  return kinds.map((kind) => ({ kind, files: role[kind] }));
}

function checkMounted(sources: Sources, model: Model): void {
  const mounts = model.roles.flatMap(mountsOf);
  for (const { kind, files } of mounts) {
    const [stray] = [...sources.application.keys()].filter((path) =>
      path.startsWith(`${files.folder}/`),
    );
    if (stray === undefined || files.path !== '') continue;
    throw badInput(`the file is mounted nowhere`, {
      object: `${sources.applicationDir}/${stray}`,
      hint: `give the role "${kind}: { mountPath: … }"`,
    });
  }
}

/**
 * The files that a chart carries beside its templates: those of its features and of the application's
 * folder as they are, and those that stand in the definition itself.
 *
 * @throws HoldfastError (badInput) for a file that no role mounts, or that is there twice
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
      files.set(path, feature.file(path)?.text ?? '');
    }
  }
  for (const { kind, files: mounted } of model.roles.flatMap(mountsOf)) {
    for (const { name, text } of mounted.inline) {
      const path = `${mounted.folder}/${name}`;
      if (files.has(path)) {
        throw badInput(`"${name}" stands in the folder as well`, {
          object: `${sources.definition.file} ${kind}.files`,
          hint: `remove one of the two: here, or ${sources.applicationDir}/${path}`,
        });
      }
      files.set(path, text);
    }
  }
  return files;
}
