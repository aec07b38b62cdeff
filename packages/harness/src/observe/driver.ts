import { badInput } from '@holdfast/core';
import { posix } from 'node:path';
import { parseDocument } from 'yaml';
import { driverFault } from './driver-keys.ts';

/** A credential of an application: where its own Secrets have it. */
export interface Credential {
  /** The key of a Secret that the pods use, or the file that they see it as. */
  key: string;
  /** Whether the scripts do without it; as the chart's values are, it may not be there. */
  optional: boolean;
}

/** How an application's data is reached in a proof: `driver.yaml`. Scripts are files beside it. */
export interface Driver {
  /** The StatefulSet that it is for, with the release's name in front or not; the first where it is absent. */
  set?: string;
  /** The folder in the container that holds the data, absolute. */
  path?: string;
  /** How the application serves a file of that folder: its name, and the script that asks for it. */
  served?: { file: string; script: string };
  /** Its write and its read program, and the container whose image runs them. */
  ledger?: { write: string; read: string; image?: string };
  /** The script that says what stays the same for the pod at $HOST. */
  identity?: string;
  /** The port that the containers listen on. */
  port?: number;
  /** The Service that is written through. */
  service?: string;
  /** By the name of the file that the scripts find it in. */
  credentials: Record<string, Credential>;
  /** Values under which the application keeps nothing: `KEY=VALUE` each. */
  without: string[];
  /** A file in the data folder that a process holds while it uses the data. */
  lock?: string;
  /** Values with which the chart leads to the same application outside of it, at $HOST. */
  outside: string[];
  /** Whether every pod has all the data. */
  copies: boolean;
  /** "none": these pods are meant to keep nothing. */
  claims: 'required' | 'none';
}

/** As the file has it, once it is known to be right. */
type Given = Omit<Partial<Driver>, 'credentials'> & {
  credentials?: Record<string, { key: string; optional?: boolean }>;
  apiVersion?: string;
  kind?: string;
};

/** Keys that mean nothing without another. */
const needs = [
  ['served', 'path'],
  ['lock', 'path'],
  ['ledger', 'port'],
  ['identity', 'port'],
  // What is on every pod is asked for by its read program.
  ['copies', 'ledger'],
] as const;

/**
 * Reads a driver.yaml strictly.
 *
 * @param file its path, for the errors
 * @throws HoldfastError (badInput) naming the file and the key
 */
export function parseDriver(text: string, file: string): Driver {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) {
    throw badInput(`the driver is not YAML: ${error.message}`, { object: file, cause: error });
  }
  const value = document.toJS() as unknown;
  const fault = driverFault(value);
  if (fault) {
    const object = fault.key === '' ? file : `${file}, key ${fault.key}`;
    const hint = fault.known.length > 0 ? `its keys are ${fault.known.join(', ')}` : undefined;
    throw badInput(fault.message, hint === undefined ? { object } : { object, hint });
  }
  const given = value as Given;
  for (const [key, other] of needs) {
    if (given[key] && given[other] === undefined) {
      throw badInput(`${key} needs ${other} as well`, { object: `${file}, key ${key}` });
    }
  }
  const { path, credentials = {}, ...rest } = given;
  delete rest.apiVersion;
  delete rest.kind;
  const known: Driver = {
    without: [],
    outside: [],
    copies: false,
    claims: 'required',
    ...rest,
    credentials: Object.fromEntries(
      Object.entries(credentials).map(([name, { key, optional = false }]) => [
        name,
        { key, optional },
      ]),
    ),
  };
  if (path === undefined) return known;
  return { ...known, path: posix.normalize(path).replace(/(.)\/$/, '$1') };
}

/**
 * The StatefulSet that a driver is for, of those of a release.
 *
 * @param named what the driver names
 * @throws HoldfastError (badInput) where it names none of them, or no single one
 */
export function drivenSet(sets: readonly string[], named: string | undefined): string {
  const fitting = named === undefined ? sets.slice(0, 1) : sets.filter((set) => set === named);
  const ending = sets.filter((set) => set.endsWith(`-${named ?? ''}`));
  const [found, another] = fitting.length > 0 ? fitting : ending;
  if (found !== undefined && another === undefined) return found;
  throw badInput('the chart renders no such StatefulSet', {
    object: named ?? 'no StatefulSet',
    hint: `the driver's key set names one of ${sets.join(', ')}`,
  });
}
