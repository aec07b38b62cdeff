import { join } from 'node:path';
import { badInput, isThere } from '@holdfast/core';
import { defaultTemplates, findApplication, listApplications } from '@holdfast/generator';

/** What a chart is generated from. */
export interface Source {
  /** As the user names it. */
  named: string;
  /** The folder that holds its app.yaml. */
  dir: string;
}

async function dirOf(named: string): Promise<string> {
  const isPath = /[/\\]|^\.{1,2}$/.test(named);
  if (isPath || (await isThere(join(named, 'app.yaml')))) return named;
  return findApplication(defaultTemplates, named).catch(async (error: unknown) => {
    // Whoever names a folder wants to know what it lacks.
    if (named !== '' && (await isThere(named))) return named;
    throw error;
  });
}

/**
 * The folders that names of applications and of folders stand for.
 *
 * @param names all applications that come with Holdfast when there are none
 * @throws HoldfastError (badInput) for a name that is neither
 */
export async function findSources(names: readonly string[]): Promise<Source[]> {
  if (names.length > 0) {
    return Promise.all(names.map(async (named) => ({ named, dir: await dirOf(named) })));
  }
  const all = await listApplications(defaultTemplates);
  if (all.length > 0) return all.map(({ name, dir }) => ({ named: name, dir }));
  throw badInput('no application comes with these templates', {
    object: defaultTemplates,
    hint: 'name a folder that holds an app.yaml, as in: holdfast generate examples/web',
  });
}
