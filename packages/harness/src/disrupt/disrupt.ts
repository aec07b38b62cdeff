import { messageOf, poll, PollTimeout, type DisruptionRecord, type Moment } from '@holdfast/core';
import { recordChanges } from '../kube/watch.ts';
import { bystanders } from '../observe/bystanders.ts';
import type { Pod } from '../observe/objects.ts';
import type { DisruptionEvidence } from '../observe/record.ts';
import { podState } from '../observe/rollout.ts';
import { timeline, type Timeline } from '../observe/timeline.ts';
import type { PlannedDisruption } from './plan.ts';
import { pods } from './resources.ts';
import type { Scene } from './scene.ts';
import { settle } from './settle.ts';

/** Told while a disruption goes on. */
export type OnMoment = (moment: Moment) => void;

/** Waits by the watch; what is not back by the limit stays null in the timeline. */
async function untilRecovered(
  scene: Scene,
  targets: readonly string[],
  line: Timeline,
): Promise<void> {
  const { recoveryMs: limitMs } = scene.limits;
  const missing = () => targets.filter((pod) => line.recoveryMs(pod) === null);
  const probe = () => {
    const saw = missing()
      .map((pod) => `${pod} ${line.state(pod)}`)
      .join(', ');
    return Promise.resolve(
      saw === '' ? { done: true as const, value: undefined } : { done: false as const, saw },
    );
  };
  const options = { what: 'the deleted pods to be replaced', limitMs, everyMs: 50 };
  try {
    await poll(probe, { ...options, signal: scene.client.signal });
  } catch (error) {
    if (!(error instanceof PollTimeout)) throw error;
  }
}

/** What the pods of the sets still lack within what is left of the limit; undefined: nothing. */
async function unsettled(scene: Scene, leftMs: number): Promise<string | undefined> {
  try {
    await settle(scene.client, scene.namespace, scene.sets, Math.max(leftMs, 5_000));
    return undefined;
  } catch (error) {
    if (error instanceof PollTimeout) return error.saw;
    throw error;
  }
}

function slowest(byPod: Record<string, number | null>): number | null {
  const times = Object.values(byPod);
  return times.includes(null) ? null : Math.max(...times.map((time) => time ?? 0));
}

/**
 * Deletes the targets of a disruption and waits until each is replaced by a pod with a new UID that
 * is Ready; the times are those of a watch, not of the wait.
 *
 * @param onMoment is told each moment of the timeline as it comes
 * @throws PollTimeout when the pods are not all Ready beforehand
 */
export async function disrupt(
  scene: Scene,
  planned: PlannedDisruption,
  onMoment: OnMoment,
): Promise<DisruptionEvidence> {
  const { client, namespace } = scene;
  await settle(client, namespace, scene.sets, scene.limits.recoveryMs);
  const list = async () => (await client.list(pods, namespace)).items;
  const before = await list();
  const uidOf = (from: readonly Pod[], name: string) =>
    from.find((pod) => pod.metadata.name === name)?.metadata.uid;
  const oldUids = Object.fromEntries(planned.targets.map((n) => [n, uidOf(before, n) ?? '']));
  const single = planned.targets.length === 1;

  const startedAt = new Date().toISOString();
  let line: Timeline | undefined;
  await using recording = await recordChanges(client, pods, namespace, (change) => {
    for (const moment of line?.add(change) ?? []) onMoment(moment);
  });
  const began = performance.now();
  const grown = (line = timeline(oldUids, began));
  await Promise.all(
    planned.targets.map(async (name) => {
      const moment = {
        ms: Math.round(performance.now() - began),
        object: name,
        event: 'delete requested',
      };
      onMoment(moment);
      await client.remove(pods, name, namespace, { preconditions: { uid: oldUids[name] } });
    }),
  );
  await untilRecovered(scene, planned.targets, grown);
  const saw = await unsettled(scene, scene.limits.recoveryMs - (performance.now() - began));

  const after = await list();
  const stateOf = (name: string) => {
    const pod = after.find((entry) => entry.metadata.name === name);
    return `${grown.state(name)}, now ${pod ? podState(pod) : 'gone'}`;
  };
  const byPod = Object.fromEntries(planned.targets.map((n) => [n, grown.recoveryMs(n)]));
  const requested = planned.targets.map((object) => ({ ms: 0, object, event: 'delete requested' }));
  const record: DisruptionRecord = {
    number: planned.number,
    kind: planned.kind,
    targets: planned.targets,
    startedAt,
    recoveryMs: slowest(byPod),
    recoveryMsByPod: byPod,
    timeline: [...requested, ...grown.moments],
  };
  const watchLost = record.recoveryMs === null && recording.failure !== undefined;
  const lost =
    saw ?? (watchLost ? `the watch was lost: ${messageOf(recording.failure)}` : undefined);
  return {
    record,
    uids: Object.fromEntries(
      planned.targets.map((n) => [n, { before: oldUids[n] ?? '', after: uidOf(after, n) }]),
    ),
    states: Object.fromEntries(planned.targets.map((n) => [n, stateOf(n)])),
    bystanders: single ? bystanders(before, planned.targets) : [],
    bystandersAfter: single ? bystanders(after, planned.targets) : [],
    ...(lost === undefined ? {} : { unsettled: lost }),
  };
}
