import { HoldfastError, poll, type Probe, unlessLate } from '@holdfast/core';
import type { Pod } from '../observe/objects.ts';
import { podState } from '../observe/rollout.ts';
import { isBack, targetState, type Aim } from '../observe/target.ts';
import { pods } from './resources.ts';
import { runningOn } from './runtime.ts';
import type { Scene } from './scene.ts';

/** A pod that is waited for. */
export interface Awaited {
  namespace: string;
  name: string;
  aim: Aim;
}

/** What a pod lacks; a container that its node does not run is one of before. */
function lacks(
  { name, aim }: Awaited,
  pod: Pod | undefined,
  running: ReadonlyMap<string, ReadonlySet<string>>,
): string | undefined {
  if (pod === undefined) return `${name} does not exist`;
  const now = targetState(pod);
  if (!isBack(aim, now)) {
    const stale = now.ready && aim.fate === 'restarted' ? ' as before' : '';
    return `${name} is ${podState(pod)}${stale}`;
  }
  const there = running.get(now.node);
  const old = there && now.containers.find(({ id }) => !there.has(id));
  return old && `${name} is said to run a container that ${now.node} does not run`;
}

async function lacking(scene: Scene, awaited: readonly Awaited[]): Promise<string> {
  const { client, control } = scene;
  const namespaces = [...new Set(awaited.map(({ namespace }) => namespace))];
  const lists = await Promise.all(
    namespaces.map(async (namespace) => (await client.list(pods, namespace)).items),
  );
  const podOf = ({ namespace, name }: Awaited) =>
    lists[namespaces.indexOf(namespace)]?.find((pod) => pod.metadata.name === name);
  const running = new Map<string, Set<string>>();
  // What was replaced has another UID: its status can't be one of before.
  const doubtful = awaited.filter(({ aim }) => aim.fate !== 'replaced');
  for (const node of new Set(doubtful.map((entry) => podOf(entry)?.spec.nodeName))) {
    if (control && node !== undefined) running.set(node, await runningOn(control, node));
  }
  return awaited.flatMap((entry) => lacks(entry, podOf(entry), running) ?? []).join(', ');
}

/**
 * Waits until pods are as they are expected to be: by the API, and where the same pod is to go on, by
 * its node as well. After a node was away, the API shows for some seconds what was before.
 *
 * @returns what is lacking when the limit has passed; undefined when nothing is
 */
export async function confirmBack(
  scene: Scene,
  awaited: readonly Awaited[],
  limitMs: number,
): Promise<string | undefined> {
  if (awaited.length === 0) return undefined;
  const probe = async (): Promise<Probe<undefined>> => {
    try {
      const saw = await lacking(scene, awaited);
      return saw === '' ? { done: true, value: undefined } : { done: false, saw };
    } catch (error) {
      // The API server or the node's runtime may be on its way back as well.
      scene.client.signal.throwIfAborted();
      if (!(error instanceof HoldfastError)) throw error;
      return { done: false, saw: error.message };
    }
  };
  const options = { what: 'the pods to be back', limitMs, everyMs: 250 };
  return unlessLate(poll(probe, { ...options, signal: scene.client.signal }), (saw) => saw);
}
