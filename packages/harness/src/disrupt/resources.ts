import type { Resource } from '../kube/resource.ts';
import type { Claim, KubeEvent, Pod, StatefulSet, Volume } from '../observe/objects.ts';

const core = '/api/v1';

export const pods: Resource<Pod> = { base: core, plural: 'pods', namespaced: true };
export const claims: Resource<Claim> = {
  base: core,
  plural: 'persistentvolumeclaims',
  namespaced: true,
};
export const volumes: Resource<Volume> = {
  base: core,
  plural: 'persistentvolumes',
  namespaced: false,
};
export const events: Resource<KubeEvent> = { base: core, plural: 'events', namespaced: true };
export const statefulSets: Resource<StatefulSet> = {
  base: '/apis/apps/v1',
  plural: 'statefulsets',
  namespaced: true,
};
export const secrets: Resource<{ metadata: { name: string }; data?: Record<string, string> }> = {
  base: core,
  plural: 'secrets',
  namespaced: true,
};
