import type { Resource } from '../kube/resource.ts';
import type { Claim, KubeEvent, Pod, StatefulSet, Volume } from '../observe/objects.ts';

const core = '/api/v1';

/** A Secret, as far as it is read. */
export interface Secret {
  metadata: {
    name: string;
    creationTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  type?: string;
  data?: Record<string, string>;
}

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
export const secrets: Resource<Secret> = {
  base: core,
  plural: 'secrets',
  namespaced: true,
};
