import { basename, resolve } from 'node:path';
import { badInput } from '@holdfast/core';
import type { Flags } from './flags.ts';
import {
  assertNamedOnce,
  exampleImage,
  parseImage,
  parsePort,
  parseReady,
  parseVolume,
  type Image,
  type NamedPort,
  type NamedVolume,
  type Ready,
} from './parse.ts';

/** A definition to be written; whether it is valid is the generator's to say. */
export interface Draft {
  name: string;
  description: string;
  appVersion: string;
  image: Image;
  workload: string;
  /** Undefined for a workload that has none. */
  replicas: number | string | undefined;
  user: number | string;
  ports: NamedPort[];
  volumes: NamedVolume[];
  ready: Ready | undefined;
}

/** The name that a folder suggests. */
export function nameOf(dir: string): string {
  return basename(resolve(dir));
}

/** The version that an image's tag suggests; one that moves tells nothing. */
export function versionOf(image: string | undefined): string | undefined {
  const tag = image === undefined ? undefined : parseImage(image).tag;
  return tag === 'latest' ? undefined : tag;
}

/** What is said of an application of which nothing else is known. */
export function describe(name: string): string {
  return `The application ${name}`;
}

/** Does a workload of this kind have a number of replicas? */
export function isReplicated(workload: string): boolean {
  return workload !== 'DaemonSet' && workload !== 'Job';
}

/** A number where it is one: anything else is written as text, and refused with its own words. */
function number(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function missing(flags: Flags, dir: string): string[] {
  return [
    ...((flags.name ?? nameOf(dir)) === '' ? ['--name'] : []),
    ...(flags.image === undefined ? ['--image'] : []),
    ...((flags.appVersion ?? versionOf(flags.image)) === undefined ? ['--app-version'] : []),
  ];
}

/**
 * Makes a definition of what the options say, with defaults for the rest.
 *
 * @param dir folder that it will stand in
 * @throws HoldfastError (badInput) for an option that cannot be read, and one that names all that are
 *   missing
 */
export function draftOf(flags: Flags, dir: string): Draft {
  const lacking = missing(flags, dir);
  if (lacking.length > 0) {
    throw badInput(`missing: ${lacking.join(', ')}`, {
      object: `holdfast init ${dir}`,
      hint: `for example: --image ${exampleImage}; on a terminal you are asked`,
    });
  }
  const { image = '', workload = 'StatefulSet', replicas, ready } = flags;
  const name = flags.name ?? nameOf(dir);
  const ports = (flags.port ?? []).map(parsePort);
  const volumes = (flags.volume ?? []).map(parseVolume);
  assertNamedOnce('port', ports);
  assertNamedOnce('volume', volumes);
  const count = replicas ?? (isReplicated(workload) ? '1' : undefined);
  const first = ports.find(({ protocol }) => protocol === 'TCP');
  const byDefault = first === undefined ? undefined : { tcp: first.name };
  return {
    name,
    description: flags.description ?? describe(name),
    appVersion: flags.appVersion ?? versionOf(image) ?? '',
    image: parseImage(image),
    workload,
    replicas: count === undefined ? undefined : number(count),
    user: number(flags.user ?? '1001'),
    ports,
    volumes,
    ready: ready === undefined ? byDefault : parseReady(ready, ports),
  };
}
