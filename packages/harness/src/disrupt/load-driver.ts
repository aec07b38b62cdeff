import { badInput } from '@holdfast/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDriver } from '../observe/driver.ts';
import type { LoadedDriver } from './scene.ts';

async function read(file: string, hint: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw badInput("the driver's file can't be read", { object: file, hint, cause });
  }
}

/**
 * Reads a driver folder: driver.yaml and the script that it names.
 *
 * @throws HoldfastError (badInput) naming the file, and the key where it is one
 */
export async function loadDriver(folder: string): Promise<LoadedDriver> {
  const file = join(folder, 'driver.yaml');
  const driver = parseDriver(await read(file, 'a driver is a folder with a driver.yaml'), file);
  if (driver.read === undefined) return driver;
  const hint = `driver.yaml names it under the key read`;
  return { ...driver, readScript: await read(join(folder, driver.read), hint) };
}
