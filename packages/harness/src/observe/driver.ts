import { badInput } from '@holdfast/core';
import { posix } from 'node:path';
import { parseDocument } from 'yaml';

/** How an application's data is reached in a proof: `driver.yaml`. */
export interface Driver {
  /** The folder in the container that holds the data, absolute. */
  path?: string;
  /** The nonce's file name in that folder. */
  file?: string;
  /** The script, beside driver.yaml, that prints the nonce of the pod at $HOST. */
  read?: string;
  /** The port that the script is told as $PORT. */
  port?: number;
  /** "none": these pods are meant to keep nothing. */
  claims: 'required' | 'none';
}

const apiVersion = 'holdfast.dev/v1';
const fileName = /^[A-Za-z0-9._-]+$/;

/** What each key must be, and how that is said when it is not. */
const rules: Record<string, { holds: (value: unknown) => boolean; must: string }> = {
  apiVersion: { holds: (value) => value === apiVersion, must: `be ${apiVersion}` },
  kind: { holds: (value) => value === 'Driver', must: 'be Driver' },
  path: {
    holds: (value) => typeof value === 'string' && posix.isAbsolute(value),
    must: 'be an absolute path in the container, as /data',
  },
  file: { holds: isFileName, must: 'be a plain file name, as holdfast-nonce.txt' },
  read: { holds: isFileName, must: 'be the name of a script beside driver.yaml, as read.sh' },
  port: {
    holds: (value) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536,
    must: 'be a port number, 1 to 65535',
  },
  claims: {
    holds: (value) => value === 'required' || value === 'none',
    must: 'be required or none',
  },
};

function isFileName(value: unknown): boolean {
  return typeof value === 'string' && fileName.test(value) && value !== '.' && value !== '..';
}

function refuse(file: string, key: string, message: string): Error {
  const known = Object.keys(rules).join(', ');
  return badInput(message, { object: `${file}, key ${key}`, hint: `a driver’s keys are ${known}` });
}

/**
 * Reads a driver.yaml strictly.
 *
 * @param file its path, for the errors
 * @throws HoldfastError (badInput) naming the file and the key
 */
export function parseDriver(text: string, file: string): Driver {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error)
    throw badInput(`the driver is not YAML: ${error.message}`, { object: file, cause: error });
  const value = document.toJS() as unknown;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badInput('the driver is not a mapping of keys', { object: file });
  }
  const given = value as Record<string, unknown>;
  for (const key of ['apiVersion', 'kind']) {
    if (!(key in given)) throw refuse(file, key, `the driver lacks ${key}`);
  }
  for (const [key, entry] of Object.entries(given)) {
    const rule = rules[key];
    if (!rule) throw refuse(file, key, 'the driver has an unknown key');
    if (!rule.holds(entry)) throw refuse(file, key, `${key} must ${rule.must}`);
  }
  for (const [key, needs] of [
    ['file', 'path'],
    ['read', 'path'],
    ['read', 'file'],
  ] as const) {
    if (key in given && !(needs in given)) throw refuse(file, key, `${key} needs ${needs} as well`);
  }
  const { path, ...rest } = given as Partial<Driver>;
  const known = { claims: 'required' as const, ...pick(rest) };
  return path === undefined
    ? known
    : { ...known, path: posix.normalize(path).replace(/(.)\/$/, '$1') };
}

function pick(given: Partial<Driver>): Partial<Driver> {
  const { file, read, port, claims } = given;
  return {
    ...(file === undefined ? {} : { file }),
    ...(read === undefined ? {} : { read }),
    ...(port === undefined ? {} : { port }),
    ...(claims === undefined ? {} : { claims }),
  };
}
