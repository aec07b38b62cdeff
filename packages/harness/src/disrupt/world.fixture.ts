import type { NodeControl } from '../cluster/cluster.ts';
import { fakeClient, notFound, type Asked } from '../kube/client.fixture.ts';
import type { KubeClient } from '../kube/client.ts';
import { podObject, setObject } from '../observe/objects.fixture.ts';
import type { Pod, StatefulSet } from '../observe/objects.ts';
import type { Limits, Scene } from './scene.ts';

/** A cluster of the tests: what the API server would answer, and what the nodes would do. */
export interface World {
  scene: Scene;
  /** What the API server has; a test changes it as a controller or a kubelet would. */
  pods: Map<string, Pod>;
  set: StatefulSet;
  /** By the node's name: what its lease says. */
  leases: Map<string, string>;
  budgets: unknown[];
  /** Requests that change something, in their order. */
  asked: Asked[];
  /** What was done to nodes, in its order. */
  done: string[];
  /** Answers a request that changes something; without an answer it throws. */
  onRequest: (asked: Asked) => unknown;
  /** Follows what is done to a node. */
  onNode: (line: string) => void;
}

export const containerId = (number: number): string =>
  `containerd://${number.toString(16).padStart(64, '0')}`;

/** A pod of the set, in its first run. */
export function memberPod(name: string, uid: string, node: string, run = 1): Pod {
  const pod = podObject(name, uid);
  pod.spec.nodeName = node;
  for (const status of pod.status.containerStatuses ?? []) status.containerID = containerId(run);
  return pod;
}

/** Starts the containers of a pod anew, as a kubelet does. */
export function startAnew(pod: Pod, run: number, ready = true): Pod {
  const made = structuredClone(pod);
  made.status.conditions = [{ type: 'Ready', status: ready ? 'True' : 'False' }];
  for (const status of made.status.containerStatuses ?? []) {
    Object.assign(status, {
      containerID: containerId(run),
      restartCount: status.restartCount + 1,
      ready,
    });
  }
  return made;
}

function controlOf(world: World): NodeControl {
  const act = (line: string) => {
    world.done.push(line);
    world.onNode(line);
    return Promise.resolve();
  };
  return {
    server: 'server',
    agents: ['agent-1', 'agent-2'],
    run: async (node, script) => {
      if (!script.includes('kill')) {
        // All that the API server has is running there, but where a test says otherwise.
        const here = [...world.pods.values()].filter((pod) => pod.spec.nodeName === node);
        const ids = here.flatMap((pod) => pod.status.containerStatuses ?? []);
        const lines = ids.map(
          ({ containerID = '' }) => `${containerID.replace('containerd://', '')} 7 RUNNING`,
        );
        return ['TASK PID STATUS', ...lines].join('\n');
      }
      await act(`run on ${node}: ${script}`);
      return '';
    },
    log: (node) => Promise.resolve(`log of ${node}`),
    stop: (node) => act(`stop ${node}`),
    start: (node) => act(`start ${node}`),
    cutOff: (node) => act(`cut off ${node}`),
    reconnect: (node) => act(`reconnect ${node}`),
    restartAll: () => act('restart all'),
  };
}

function clientOf(world: World): KubeClient {
  return fakeClient((asked) => {
    const { line } = asked;
    if (line === 'GET /api/v1/namespaces/ns/pods') return [...world.pods.values()];
    if (line === 'GET /api/v1/namespaces/kube-system/pods') return [];
    if (line.endsWith('/statefulsets')) return [world.set];
    if (line.endsWith('/poddisruptionbudgets')) return world.budgets;
    const lease = /^GET .*\/kube-node-lease\/leases\/(.*)$/.exec(line)?.[1];
    if (lease !== undefined) return { spec: { renewTime: world.leases.get(lease) } };
    if (line.startsWith('GET')) throw notFound();
    world.asked.push(asked);
    return world.onRequest(asked);
  });
}

/** Pods web-0 on agent-1 and web-1 on agent-2, all Ready, where nothing happens yet. */
export function world(limits: Partial<Limits> = {}): World {
  const pods = [memberPod('web-0', 'u0', 'agent-1', 1), memberPod('web-1', 'u1', 'agent-2', 2)];
  const made: World = {
    pods: new Map(pods.map((pod) => [pod.metadata.name, pod])),
    set: setObject(2),
    leases: new Map([
      ['agent-1', 'first'],
      ['agent-2', 'first'],
    ]),
    budgets: [],
    asked: [],
    done: [],
    onRequest: () => ({}),
    onNode: () => {},
    scene: undefined as unknown as Scene,
  };
  made.scene = {
    client: clientOf(made),
    namespace: 'ns',
    sets: ['web'],
    shell: { sh: () => Promise.reject(new Error('no shell')) },
    clusterDomain: 'cluster.local',
    driver: undefined,
    limits: { readyMs: 1_000, recoveryMs: 2_000, dnsMs: 1_000, helmMs: 1_000, ...limits },
    control: controlOf(made),
  };
  return made;
}
