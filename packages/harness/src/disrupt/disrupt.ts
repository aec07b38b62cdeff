import { messageOf, poll, PollTimeout, type DisruptionRecord, type Moment } from '@holdfast/core';
import { clientPodName } from '../kube/client-pod.ts';
import { recordChanges } from '../kube/watch.ts';
import { standingPods, type StandingPod } from '../observe/bystanders.ts';
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

/** How long the watch may be behind a listing. */
const watchLagMs = 5_000;

/** The pods that a disruption is watched for: all but Holdfast's own. */
export function witnesses(pods: readonly Pod[]): StandingPod[] {
  return standingPods(pods, [clientPodName]);
}

/**
 * Waits by the watch; what is not back by the limit stays null in the timeline.
 *
 * @param uids those of the replacements, where they are known
 */
async function untilRecovered(
  scene: Scene,
  targets: readonly string[],
  line: Timeline,
  limitMs: number,
  uids: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  const missing = () => targets.filter((pod) => line.recoveryMs(pod, uids[pod]) === null);
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
  await untilRecovered(scene, planned.targets, grown, scene.limits.recoveryMs);
  const saw = await unsettled(scene, scene.limits.recoveryMs - (performance.now() - began));

  const after = await list();
  const newUids = Object.fromEntries(planned.targets.map((n) => [n, uidOf(after, n)]));
  if (saw === undefined) {
    await untilRecovered(scene, planned.targets, grown, watchLagMs, newUids);
  }
  const stateOf = (name: string) => {
    const pod = after.find((entry) => entry.metadata.name === name);
    return `${grown.state(name)}, now ${pod ? podState(pod) : 'gone'}`;
  };
  const byPod = Object.fromEntries(
    planned.targets.map((n) => [n, grown.recoveryMs(n, newUids[n])]),
  );
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
      planned.targets.map((n) => [n, { before: oldUids[n] ?? '', after: newUids[n] }]),
    ),
    states: Object.fromEntries(planned.targets.map((n) => [n, stateOf(n)])),
    before: witnesses(before),
    after: witnesses(after),
    ...(lost === undefined ? {} : { unsettled: lost }),
  };
}
