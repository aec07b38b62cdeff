import { access, constants, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { badInput, environmentError } from '@holdfast/core';

type Kind = 'file' | 'folder';

/**
 * Checks that a path that an option names is there, can be read, and is what it should be.
 *
 * @throws HoldfastError (badInput) naming option and path
 */
export async function assertReadable(option: string, path: string, kind: Kind): Promise<void> {
  const object = `${option} ${path}`;
  const entry = await stat(path).catch((cause: unknown) => {
    throw badInput(`the ${kind} does not exist`, { object, hint: 'see the path', cause });
  });
  if (kind === 'folder' ? !entry.isDirectory() : entry.isDirectory()) {
    throw badInput(`this is not a ${kind}`, { object, hint: `give the path of a ${kind}` });
  }
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw badInput(`this user may not read the ${kind}`, { object, cause });
  });
}

/**
 * Reads a text file that an option names.
 *
 * @returns the file as the user knows it, and its text
 * @throws HoldfastError (badInput) naming option and path
 */
export async function readText(
  option: string,
  path: string,
): Promise<{ file: string; text: string }> {
  await assertReadable(option, path, 'file');
  return { file: path, text: await readFile(path, 'utf8') };
}

/** The first of a path's ancestors that exists, and whether it is a folder. */
async function foundation(path: string): Promise<{ path: string; isFolder: boolean }> {
  const entry = await stat(path).catch(() => undefined);
  if (entry) return { path, isFolder: entry.isDirectory() };
  return foundation(dirname(path));
}

/**
 * Checks that a folder can be made and written to, without making it.
 *
 * @throws HoldfastError (badInput) when something else is in its place; (environment) when this
 *   user may not write there
 */
export async function assertWritableFolder(option: string, path: string): Promise<void> {
  const object = `${option} ${path}`;
  const ground = await foundation(resolve(path));
  if (!ground.isFolder) {
    throw badInput(`${ground.path} is not a folder`, { object, hint: 'name another folder' });
  }
  await access(ground.path, constants.W_OK).catch((cause: unknown) => {
    throw environmentError('this user may not write there', {
      object,
      hint: 'name another folder',
      cause,
    });
  });
}

/** As {@link assertWritableFolder}, for a file that is to be written. */
export async function assertWritableFile(option: string, path: string): Promise<void> {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isDirectory()) {
    throw badInput('this is a folder', { object: `${option} ${path}`, hint: 'name a file' });
  }
  await assertWritableFolder(option, dirname(path));
}
