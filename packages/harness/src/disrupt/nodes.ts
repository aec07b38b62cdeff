import { elseEnvironment, HoldfastError, poll, type Probe } from '@holdfast/core';
import { nodeLease } from '../kube/leases.ts';
import type { Scene } from './scene.ts';
import { pause } from './pause.ts';
import { controlOf, type Outcome, type Strike } from './strike.ts';

/** How long a node stays stopped, and how long one stays cut off, in milliseconds. */
export interface NodeTimes {
  stoppedMs: number;
  cutOffMs: number;
}

/** A cut lasts longer than the 10 s in which a node renews its lease, and less than the 40 s after which its pods count as lost. */
export const nodeTimes: NodeTimes = { stoppedMs: 5_000, cutOffMs: 15_000 };

/** When a node last said to the API server that it is there, by the node's own clock. */
async function heartbeat({ client }: Scene, node: string): Promise<string> {
  return (await nodeLease(client, node))?.spec?.renewTime ?? 'never';
}

/**
 * Waits for nodes: that they report again is up to the machine, and says nothing of the chart.
 *
 * @throws HoldfastError (environment) when they don't within the limit
 */
async function awaitNodes<T>(nodes: readonly string[], wait: Promise<T>): Promise<T> {
  return elseEnvironment(wait, 'a node did not come back', {
    object: nodes.join(', '),
    hint: 'see that the machine has memory, disk space and processors left, and try again',
  });
}

function only({ nodes }: Strike): string {
  const [node] = nodes;
  if (node === undefined) throw new Error('there is no node');
  return node;
}

/** Stops a node, leaves it away for a while, and starts it again. */
export async function stopNode(strike: Strike, times = nodeTimes): Promise<Outcome> {
  const { scene, tell } = strike;
  const { signal } = scene.client;
  const control = controlOf(scene);
  const node = only(strike);
  tell(node, 'stop requested');
  await control.stop(node);
  tell(node, 'node stopped');
  await pause(times.stoppedMs, signal);
  const ms = Math.round(performance.now() - strike.beganMs);
  tell(node, 'start requested');
  await awaitNodes([node], control.start(node));
  tell(node, 'node reports again');
  return { away: { nodes: [node], ms } };
}

/** Waits until a node has told the API server of itself since. */
async function heardAgain(scene: Scene, node: string, before: string): Promise<void> {
  await poll(
    async (): Promise<Probe<undefined>> => {
      const last = await heartbeat(scene, node);
      return last === before
        ? { done: false, saw: `${node} said so last at ${last}` }
        : { done: true, value: undefined };
    },
    {
      what: `node ${node} to report again`,
      limitMs: scene.limits.recoveryMs,
      everyMs: 250,
      signal: scene.client.signal,
    },
  );
}

/**
 * Cuts a node off for a while, and waits until it reports again: for as long as it does not, the API
 * shows its pods as they were.
 *
 * @throws HoldfastError (internal) when the node's reports went on, so that it was not cut off
 */
export async function cutNodeOff(strike: Strike, times = nodeTimes): Promise<Outcome> {
  const { scene, tell } = strike;
  const { signal } = scene.client;
  const control = controlOf(scene);
  const node = only(strike);
  let before: string;
  let during: string;
  let ms: number;
  try {
    await control.cutOff(node);
    tell(node, 'cut off');
    before = await heartbeat(scene, node);
    await pause(times.cutOffMs, signal);
    during = await heartbeat(scene, node);
  } finally {
    ms = Math.round(performance.now() - strike.beganMs);
    await control.reconnect(node);
    tell(node, 'reconnected');
  }
  if (during !== before) {
    throw new HoldfastError({
      kind: 'internal',
      message: 'the node was to be cut off, and went on reporting to the API server',
      object: `node ${node}, reports of ${before} and ${during}`,
    });
  }
  await awaitNodes([node], heardAgain(scene, node, before));
  tell(node, 'node reports again');
  strike.reported();
  return { away: { nodes: [node], ms } };
}

/** Stops all nodes, that of the control plane included, and starts them again. */
export async function restartNodes(strike: Strike): Promise<Outcome> {
  const { scene, tell, nodes } = strike;
  for (const node of nodes) tell(node, 'restart requested');
  await awaitNodes(nodes, controlOf(scene).restartAll());
  for (const node of nodes) tell(node, 'node reports again');
  return { away: { nodes: [...nodes], ms: Math.round(performance.now() - strike.beganMs) } };
}
