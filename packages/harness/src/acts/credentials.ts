import { createHmac } from 'node:crypto';
import type { KubeClient } from '../kube/client.ts';
import { secrets, type Secret } from '../disrupt/resources.ts';
import { secretNames } from '../ledger/find-credentials.ts';
import { templateOf } from '../ledger/pod-template.ts';
import type { RenderedObject } from '../observe/manifests.ts';

/** The Secrets that the pods of these StatefulSets use, of those that there are. */
export async function secretsOfPods(
  client: KubeClient,
  namespace: string,
  objects: readonly RenderedObject[],
  sets: readonly string[],
): Promise<Secret[]> {
  const names = new Set(sets.flatMap((set) => secretNames(templateOf(objects, sets, set))));
  const { items } = await client.list(secrets, namespace);
  return items.filter(({ metadata }) => names.has(metadata.name));
}

/**
 * Digests of credentials, for a comparison: without the key, which is kept nowhere, nobody can try which
 * text has such a digest. Certificates are left out, since they may be renewed at any time.
 *
 * @returns the digests by "Secret key"
 */
export function digests(secrets: readonly Secret[], key: string): Record<string, string> {
  const entries = secrets
    .filter(({ type }) => type !== 'kubernetes.io/tls')
    .flatMap(({ metadata, data = {} }) =>
      Object.entries(data).map(([name, value]) => [
        `${metadata.name} ${name}`,
        createHmac('sha256', key).update(value).digest('hex'),
      ]),
    );
  return Object.fromEntries(entries) as Record<string, string>;
}
