import type { Helm, RunResult } from '@holdfast/core';
import { fakeClient, notFound, type Asked } from '../kube/client.fixture.ts';
import { ApiFailure } from '../kube/failure.ts';
import type { Pod } from '../observe/objects.ts';
import { podObject, setObject } from '../observe/objects.fixture.ts';
import type { Stage } from './stage.ts';

/** What is wrong with a world. */
export interface Defects {
  /** Pods of another set of the same name are not adopted. */
  adopts?: false;
  /** A pod that does not match keeps its controller. */
  releases?: false;
  /** An object can't be created. */
  creates?: false;
}

const sets = '/apis/apps/v1/namespaces/ns/statefulsets';
const pods = '/api/v1/namespaces/ns/pods';

/**
 * A namespace with a StatefulSet of two pods, whose controller does at once what upstream's does, and a
 * Helm that does what it is told.
 */
export function world(
  defects: Defects = {},
  helm: (args: readonly string[]) => Partial<RunResult> = () => ({}),
) {
  const selector = { matchLabels: { app: 'web' } };
  const first = setObject(2);
  let set: unknown = { ...first, spec: { ...first.spec, selector, template: { a: 1 } } };
  let uid = 'set-uid';
  let made = 0;
  const own = (pod: Pod, owner: string | undefined): Pod => {
    const references =
      owner === undefined
        ? []
        : [{ kind: 'StatefulSet', name: 'web', uid: owner, controller: true }];
    return { ...pod, metadata: { ...pod.metadata, ownerReferences: references } };
  };
  const newPod = (name: string) => {
    made += 1;
    const pod = podObject(name, `pod-${made}`);
    pod.metadata.labels = { ...pod.metadata.labels, app: 'web' };
    return own(pod, uid);
  };
  const state = { pods: [newPod('web-0'), newPod('web-1')] };
  const change = (name: string, to: (pod: Pod) => Pod) => {
    state.pods = state.pods.map((pod) => (pod.metadata.name === name ? to(pod) : pod));
  };
  const asked: string[] = [];
  const answer = ({ line, body }: Asked): unknown => {
    asked.push(line);
    const name = line.replace(/.*\//, '');
    if (line === `GET ${sets}`) return set === undefined ? [] : [set];
    if (line === `GET ${sets}/web` && set !== undefined) return set;
    if (line === `GET ${pods}`) return state.pods;
    if (line === `GET ${pods}/${name}`) {
      const found = state.pods.find((pod) => pod.metadata.name === name);
      if (found) return found;
    }
    if (line === `DELETE ${sets}/web`) {
      set = undefined;
      state.pods = state.pods.map((pod) => own(pod, undefined));
      return {};
    }
    if (line === `POST ${sets}`) {
      if (defects.creates === false) throw new ApiFailure(422, 'Invalid', 'it is invalid', line);
      uid = 'set-uid-2';
      const { metadata, ...rest } = body as { metadata: object };
      set = { ...rest, metadata: { ...metadata, uid, generation: 1 }, status: first.status };
      if (defects.adopts !== false) state.pods = state.pods.map((pod) => own(pod, uid));
      return set;
    }
    if (line === `PUT ${pods}/${name}`) {
      const matches = (body as Pod).metadata.labels?.['app'] === 'web';
      change(name, () => own(body as Pod, matches || defects.releases === false ? uid : undefined));
      return body;
    }
    if (line === `DELETE ${pods}/${name}`) {
      change(name, () => newPod(name));
      return {};
    }
    if (line.startsWith('GET ') && line.endsWith('s')) return [];
    throw notFound();
  };
  const client = fakeClient(answer);
  const run: Helm['run'] = (args) => {
    asked.push(`helm ${args[0] ?? ''}`);
    const result = helm(args);
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '', ...result });
  };
  const limits = { readyMs: 300, recoveryMs: 300, dnsMs: 300, helmMs: 300 };
  const scene = {
    ...{ client, namespace: 'ns', sets: ['web'], limits, driver: undefined },
    ...{ clusterDomain: 'cluster.local' },
  };
  const spec = {
    ...{ chart: 'web', values: [], set: [], release: 'web', namespace: 'ns' },
    ...{ kubeVersion: 'v1.34.4', signal: client.signal },
  };
  const stage = { scene, spec, objects: [], helm: { run }, ledgers: [], notice: () => {} };
  return {
    stage: stage as unknown as Stage,
    asked,
    state,
    /** Changes the set, as an upgrade may. */
    changeSet(to: (now: ReturnType<typeof setObject>) => unknown) {
      set = to(set as ReturnType<typeof setObject>);
    },
  };
}
