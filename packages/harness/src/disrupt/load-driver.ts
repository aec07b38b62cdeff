import { badInput } from '@holdfast/core';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDriver, type Driver } from '../observe/driver.ts';
import type { LoadedDriver } from './scene.ts';

async function read(file: string, hint: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw badInput("the driver's file can't be read", { object: file, hint, cause });
  }
}

/** The scripts that a driver names, each with the key that names it. */
function namedScripts({ served, ledger, identity }: Driver): [key: string, name: string][] {
  const named: [string, string | undefined][] = [
    ['served.script', served?.script],
    ['ledger.write', ledger?.write],
    ['ledger.read', ledger?.read],
    ['identity', identity],
  ];
  return named.flatMap(([key, name]) => (name === undefined ? [] : [[key, name]]));
}

/**
 * Reads a driver folder: driver.yaml, the scripts that it names, and those that they may source: every
 * file `*.sh` beside it.
 *
 * @throws HoldfastError (badInput) naming the file, and the key where it is one
 */
export async function loadDriver(folder: string): Promise<LoadedDriver> {
  const file = join(folder, 'driver.yaml');
  const driver = parseDriver(await read(file, 'a driver is a folder with a driver.yaml'), file);
  const scripts: Record<string, string> = {};
  for (const [key, name] of namedScripts(driver)) {
    scripts[name] = await read(join(folder, name), `driver.yaml names it under the key ${key}`);
  }
  for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.sh'))) {
    scripts[name] ??= await read(join(folder, name), 'a script may source it');
  }
  return { ...driver, scripts };
}
