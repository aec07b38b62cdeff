import type { Resource } from '@holdfast/harness';

const core = '/api/v1';

/** A Secret, as far as tests read it. */
interface Secret {
  metadata: { uid: string; name: string };
  data?: Record<string, string>;
}

export const secretObjects: Resource<Secret> = {
  base: core,
  plural: 'secrets',
  namespaced: true,
};

/** What a Secret holds, as text. */
export function decoded({ data = {} }: Secret): Record<string, string> {
  const pairs = Object.entries(data).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString(),
  ]);
  return Object.fromEntries(pairs) as Record<string, string>;
}

export const jobs: Resource<unknown> = { base: '/apis/batch/v1', plural: 'jobs', namespaced: true };

export const services: Resource<{ spec: { type: string } }> = {
  base: core,
  plural: 'services',
  namespaced: true,
};

export const persistentVolumes: Resource<{
  spec: { claimRef?: { namespace: string; name: string } };
}> = { base: core, plural: 'persistentvolumes', namespaced: false };

/** A volume on a folder of a node, as a PersistentVolume's spec names it. */
export function folderOn(node: string, path: string) {
  const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  const nodeSelectorTerms = [{ matchExpressions: [expression] }];
  return { local: { path }, nodeAffinity: { required: { nodeSelectorTerms } } };
}

/** A pod that waits for the lock on a claim's file, and then holds it until it is deleted. */
export function lockHolder(name: string, image: string, claimName: string, lock: string) {
  return {
    metadata: { name },
    spec: {
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        fsGroup: 999,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'holder',
          image,
          command: ['flock', `/data/${lock}`, 'sleep', '600'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  };
}
