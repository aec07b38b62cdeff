import { createHmac } from 'node:crypto';
import type { KubeClient } from '../kube/client.ts';
import type { Resource } from '../kube/resource.ts';
import { secretNames } from '../ledger/find-credentials.ts';
import { templateOf } from '../ledger/pod-template.ts';
import type { RenderedObject } from '../observe/manifests.ts';

/** A Secret, as far as acts read it. */
export interface WholeSecret {
  metadata: {
    name: string;
    creationTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  type?: string;
  data?: Record<string, string>;
}

export const wholeSecrets: Resource<WholeSecret> = {
  base: '/api/v1',
  plural: 'secrets',
  namespaced: true,
};

/** The Secrets that the pods of these StatefulSets use, of those that there are. */
export async function secretsOfPods(
  client: KubeClient,
  namespace: string,
  objects: readonly RenderedObject[],
  sets: readonly string[],
): Promise<WholeSecret[]> {
  const names = new Set(sets.flatMap((set) => secretNames(templateOf(objects, sets, set))));
  const { items } = await client.list(wholeSecrets, namespace);
  return items.filter(({ metadata }) => names.has(metadata.name));
}

/**
 * Digests of credentials, for a comparison: without the key, which is kept nowhere, nobody can try which
 * text has such a digest. Certificates are left out, since they may be renewed at any time.
 *
 * @returns the digests by "Secret key"
 */
export function digests(secrets: readonly WholeSecret[], key: string): Record<string, string> {
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
