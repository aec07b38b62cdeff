import { poll, type Probe, unlessLate } from '@holdfast/core';
import type { KubeClient } from '../kube/client.ts';
import type { StatefulSet } from '../observe/objects.ts';
import { rolloutLacks } from '../observe/rollout.ts';
import { troublesOf, troubleWatch, type Trouble } from '../observe/troubles.ts';
import { claims, events, pods, statefulSets } from './resources.ts';

/** The named StatefulSets as they are now; a missing one is an error of its own later. */
export async function readSets(
  client: KubeClient,
  namespace: string,
  names: readonly string[],
): Promise<StatefulSet[]> {
  const { items } = await client.list(statefulSets, namespace);
  return items.filter((set) => names.includes(set.metadata.name));
}

/** What the named sets lack at this moment; undefined when they are all there and Ready. */
async function lackingNow(
  client: KubeClient,
  namespace: string,
  names: readonly string[],
): Promise<string | undefined> {
  const sets = await readSets(client, namespace, names);
  if (sets.length < names.length) return `${sets.length} of ${names.length} StatefulSets exist`;
  return rolloutLacks(sets, (await client.list(pods, namespace)).items);
}

/**
 * Waits until every pod of the sets is there, of one revision and Ready.
 *
 * @throws PollTimeout past the limit, with what was lacking
 */
export async function settle(
  client: KubeClient,
  namespace: string,
  names: readonly string[],
  limitMs: number,
): Promise<void> {
  await poll(
    async (): Promise<Probe<undefined>> => {
      const saw = await lackingNow(client, namespace, names);
      return saw === undefined ? { done: true, value: undefined } : { done: false, saw };
    },
    { what: 'all pods to be Ready', limitMs, everyMs: 250, signal: client.signal },
  );
}

/** As {@link settle}; what was lacking when the limit passed, undefined where nothing was. */
export async function lackingAfter(
  client: KubeClient,
  namespace: string,
  names: readonly string[],
  limitMs: number,
): Promise<string | undefined> {
  return unlessLate(
    settle(client, namespace, names, limitMs).then(() => undefined),
    (saw) => saw,
  );
}

/**
 * As {@link settle}, for a fresh installation: it gives up early on what does not mend itself, such
 * as an image that can't be pulled or a container that keeps crashing.
 *
 * @returns the trouble that it gave up on; undefined when all pods are Ready
 */
export async function settleOrTrouble(
  client: KubeClient,
  namespace: string,
  names: readonly string[],
  limitMs: number,
): Promise<Trouble | undefined> {
  const lasting = troubleWatch();
  return poll(
    async (): Promise<Probe<Trouble | undefined>> => {
      const saw = await lackingNow(client, namespace, names);
      if (saw === undefined) return { done: true, value: undefined };
      const [podList, claimList, eventList] = await Promise.all([
        client.list(pods, namespace),
        client.list(claims, namespace),
        client.list(events, namespace),
      ]);
      const troubles = troublesOf(podList.items, claimList.items, eventList.items);
      const trouble = lasting(troubles, performance.now());
      if (trouble) return { done: true, value: trouble };
      const notes = troubles.map((entry) => `${entry.object}: ${entry.message}`);
      return { done: false, saw: [saw, ...notes].join('; ') };
    },
    { what: 'all pods to be Ready', limitMs, everyMs: 500, signal: client.signal },
  );
}
