import type { KubeClient } from './client.ts';
import { ApiFailure } from './failure.ts';
import type { Resource } from './resource.ts';

/** How the API server answered a request for an eviction. */
export type EvictionAnswer =
  | { evicted: true }
  /** A budget does not allow it now; it may later. */
  | { evicted: false; passing: true; said: string }
  /** It can't be evicted at all, as a pod that two budgets cover. */
  | { evicted: false; passing: false; said: string };

/**
 * Asks for the eviction of a pod, as a drained node does.
 *
 * @param pod the pod's name, and its UID: no other pod of that name is evicted
 * @param dryRun whether only the answer is wanted
 * @throws ApiFailure for what no budget answers, such as a missing permission
 */
export async function evict(
  client: KubeClient,
  namespace: string,
  pod: { name: string; uid: string },
  dryRun = false,
): Promise<EvictionAnswer> {
  const path = `pods/${encodeURIComponent(pod.name)}/eviction`;
  const resource: Resource<unknown> = { base: '/api/v1', plural: path, namespaced: true };
  const eviction = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: pod.name, namespace },
    deleteOptions: {
      preconditions: { uid: pod.uid },
      ...(dryRun ? { dryRun: ['All'] } : {}),
    },
  };
  try {
    await client.create(resource, eviction, namespace);
    return { evicted: true };
  } catch (error) {
    if (!(error instanceof ApiFailure) || !/disruption ?budget/i.test(error.message)) throw error;
    const said = error.message.replace(/^the API server answered \d+: /, '');
    return { evicted: false, passing: error.status === 429, said };
  }
}
