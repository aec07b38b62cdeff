import { messageOf } from '@holdfast/core';
import { secrets } from '../disrupt/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import type { StepFinding } from '../observe/record.ts';
import { secretValues } from './redact.ts';

/** The values of secrets, to be taken out of everything that is written. */
export interface KnownSecrets {
  values: string[];
  /** Why those in the namespace are not among them. */
  unread?: string;
}

/** The secrets of a release: those that the chart renders, and those that are in its namespace. */
export async function knownSecrets(
  client: KubeClient,
  namespace: string,
  objects: readonly unknown[],
): Promise<KnownSecrets> {
  try {
    const { items } = await client.list(secrets, namespace);
    return {
      values: secretValues([...objects, ...items.map((item) => ({ ...item, kind: 'Secret' }))]),
    };
  } catch (error) {
    client.signal.throwIfAborted();
    return { values: secretValues(objects), unread: messageOf(error) };
  }
}

/** Findings without logs where these could hold secrets that are not known. */
export function withoutLogs(
  findings: readonly StepFinding[],
  { unread }: KnownSecrets,
): StepFinding[] {
  return findings.map((finding) => {
    if (finding.log === undefined || unread === undefined) return finding;
    return { ...finding, log: 'its log is left out: it may hold secrets, which could not be read' };
  });
}
