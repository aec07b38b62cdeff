import type { Pod, StatefulSet } from './objects.ts';

/** Objects as the API server gives them, for tests to change one thing in. */

export function podObject(name = 'web-0', uid = 'pod-uid'): Pod {
  return {
    metadata: {
      name,
      uid,
      resourceVersion: '1',
      labels: {
        'controller-revision-hash': 'web-1',
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': name.replace(/.*-/, ''),
      },
      ownerReferences: [{ kind: 'StatefulSet', name: 'web', uid: 'set-uid', controller: true }],
    },
    spec: {
      nodeName: 'server-0',
      containers: [
        {
          name: 'web',
          image: 'example/web:1',
          volumeMounts: [
            { name: 'tmp', mountPath: '/tmp' },
            { name: 'data', mountPath: '/data' },
          ],
        },
      ],
      volumes: [
        { name: 'tmp' },
        { name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } },
      ],
    },
    status: {
      phase: 'Running',
      podIP: '10.42.0.7',
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: 'True' },
      ],
      containerStatuses: [
        {
          name: 'web',
          image: 'example/web:1',
          imageID: 'sha256:1',
          containerID: 'containerd://1',
          ready: true,
          restartCount: 0,
          state: { running: {} },
        },
      ],
    },
  };
}

export function setObject(replicas = 1): StatefulSet {
  return {
    metadata: { name: 'web', uid: 'set-uid', resourceVersion: '1', generation: 2 },
    spec: {
      replicas,
      serviceName: 'web-headless',
      volumeClaimTemplates: [{ metadata: { name: 'data' } }],
    },
    status: {
      observedGeneration: 2,
      replicas,
      readyReplicas: replicas,
      currentRevision: 'web-1',
      updateRevision: 'web-1',
    },
  };
}
