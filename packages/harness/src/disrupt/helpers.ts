import { environmentError } from '@holdfast/core';
import { isOwn } from '../observe/bystanders.ts';
import { isReady, type Pod } from '../observe/objects.ts';
import { targetState, type Fate } from '../observe/target.ts';
import { confirmBack, type Awaited } from './confirm.ts';
import { pods } from './resources.ts';
import type { Scene } from './scene.ts';

const system = 'kube-system';
const dnsLabel = ['k8s-app', 'kube-dns'] as const;

/**
 * The pods that a proof leans on and that a node takes with it: Holdfast's own, and the cluster's DNS.
 *
 * @param nodes those that are about to be away
 */
export async function helpersOn(
  { client, namespace }: Scene,
  nodes: readonly string[],
  fate: Fate,
): Promise<Awaited[]> {
  if (nodes.length === 0) return [];
  const own = (await client.list(pods, namespace)).items.filter(isOwn);
  const dns = (await client.list(pods, system)).items.filter(
    ({ metadata }) => metadata.labels?.[dnsLabel[0]] === dnsLabel[1],
  );
  const awaited = (from: readonly Pod[], where: string): Awaited[] =>
    from
      .filter((pod) => nodes.includes(pod.spec.nodeName ?? '') && isReady(pod))
      .map((pod) => ({
        namespace: where,
        name: pod.metadata.name,
        aim: { fate, before: targetState(pod) },
      }));
  return [...awaited(own, namespace), ...awaited(dns, system)];
}

/**
 * Waits until they are back.
 *
 * @throws HoldfastError (environment) when they are not: what follows could not be observed
 */
export async function helpersBack(scene: Scene, helpers: readonly Awaited[]): Promise<void> {
  const saw = await confirmBack(scene, helpers, scene.limits.recoveryMs);
  if (saw === undefined) return;
  throw environmentError('what the proof needs did not come back with its node', {
    object: saw,
    hint: 'see that the client image goes on when its container is started again',
  });
}
