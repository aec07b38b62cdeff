import type { KubeClient } from './client.ts';
import type { Resource } from './resource.ts';

/** What a node renews to say that it is there. */
export interface Lease {
  metadata: { name: string };
  spec?: { renewTime?: string };
}

const leases: Resource<Lease> = {
  base: '/apis/coordination.k8s.io/v1',
  plural: 'leases',
  namespaced: true,
};

/** The leases of all nodes, by the nodes' names. */
export async function nodeLeases(client: KubeClient): Promise<Lease[]> {
  return (await client.list(leases, 'kube-node-lease')).items;
}

/** A node's lease; undefined where it has none. */
export function nodeLease(client: KubeClient, node: string): Promise<Lease | undefined> {
  return client.get(leases, node, 'kube-node-lease');
}
