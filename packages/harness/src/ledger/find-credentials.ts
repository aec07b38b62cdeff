import { badInput } from '@holdfast/core';
import type { Credential } from '../observe/driver.ts';
import type { PodTemplate } from './pod-template.ts';

/** A key of a Secret, that becomes a file for the scripts. */
export interface CredentialFile {
  /** The file's name: the credential's. */
  file: string;
  secret: string;
  key: string;
}

/** A Secret that pods use; where they see parts of it, by the name that they see it under. */
interface UsedSecret {
  secret: string;
  /** From what the pods see to the Secret's key; undefined: all keys, under their own names. */
  keys?: Readonly<Record<string, string>>;
}

function used(name: string | undefined, items?: { key: string; path: string }[]): UsedSecret[] {
  if (name === undefined || name === '') return [];
  if (!items) return [{ secret: name }];
  return [{ secret: name, keys: Object.fromEntries(items.map(({ key, path }) => [path, key])) }];
}

/** Every Secret that a pod template uses, in the order of volumes and then of containers. */
function usedSecrets({ spec }: PodTemplate): UsedSecret[] {
  const mounted = (spec.volumes ?? []).flatMap(({ secret, projected }) => [
    ...used(secret?.secretName, secret?.items),
    ...(projected?.sources ?? []).flatMap((source) =>
      used(source.secret?.name, source.secret?.items),
    ),
  ]);
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const given = containers.flatMap(({ env = [], envFrom = [] }) => [
    ...env.flatMap(({ valueFrom }) => {
      const { name, key = '' } = valueFrom?.secretKeyRef ?? {};
      return used(name, [{ key, path: key }]);
    }),
    ...envFrom.flatMap(({ secretRef }) => used(secretRef?.name)),
  ]);
  return [...mounted, ...given];
}

/** The names of all Secrets that a pod template uses, each once. */
export function secretNames(template: PodTemplate): string[] {
  return [...new Set(usedSecrets(template).map(({ secret }) => secret))];
}

/**
 * Finds the credentials that a driver names in the Secrets that the pods use.
 *
 * @param existing the keys of those Secrets that there are, by name; those of the given ones as well
 * @param given credentials whose Secret and key are named
 * @returns a file for each that was found
 * @throws HoldfastError (badInput) naming the first that is not where it was named, or nowhere and not
 *   optional
 */
export function findCredentials(
  wanted: Readonly<Record<string, Credential>>,
  template: PodTemplate,
  existing: ReadonlyMap<string, readonly string[]>,
  given: readonly CredentialFile[] = [],
): CredentialFile[] {
  for (const { file, secret, key } of given) {
    if (existing.get(secret)?.includes(key)) continue;
    // A writer would wait for it in vain.
    throw badInput(`there is no Secret ${secret} with the key ${key}`, {
      object: `credential ${file}`,
      hint: `--driver-secret ${file}=SECRET:KEY names another`,
    });
  }
  const secrets = usedSecrets(template);
  const looked = Object.entries(wanted).filter(([file]) => given.every((g) => g.file !== file));
  const found = looked.flatMap(([file, { key, optional }]): CredentialFile[] => {
    for (const { secret, keys } of secrets) {
      // The key by which the Secret has it, or the file by which the pods see it.
      const itsKey = keys ? (keys[key] ?? Object.values(keys).find((k) => k === key)) : key;
      if (itsKey !== undefined && existing.get(secret)?.includes(itsKey))
        return [{ file, secret, key: itsKey }];
    }
    if (optional) return [];
    throw badInput(`no Secret that the pods use has the key ${key}`, {
      object: `credential ${file}`,
      hint: `they use ${secretNames(template).join(', ') || 'none'}; --driver-secret ${file}=SECRET:KEY names another`,
    });
  });
  return [...given, ...found];
}
