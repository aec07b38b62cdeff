import type { Moment } from '@holdfast/core';
import type { Pod } from './objects.ts';
import {
  incarnation,
  isBack,
  momentsBetween,
  stepsOf,
  targetState,
  type Aim,
  type TargetState,
} from './target.ts';

/** A change of a pod as a watch told it. */
export interface PodChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: Pod;
  /** Milliseconds of a monotonic clock. */
  atMs: number;
}

/** What is known of one target of a disruption. */
interface Progress {
  aim: Aim;
  /** What had its name when it was seen last. */
  last: TargetState;
  told: Set<string>;
  /** What was seen last as it is expected to be, and since when. */
  back?: { run: string; ms: number };
  /** When its node was seen to report again. */
  reportedMs?: number;
}

/** A disruption's timeline, grown change by change. */
export interface Timeline {
  /** Takes a change in and says which moments it brought. */
  add(change: PodChange): Moment[];
  /** Takes in a moment that no pod's change tells. */
  tell(object: string, event: string, atMs: number): Moment;
  /** Says that the node of these targets reports again: what the API has of them is not of before. */
  reported(pods: readonly string[], atMs: number): void;
  /**
   * Milliseconds from the beginning until the target was back as it is expected to be, and Ready;
   * null: not yet, or it is gone again.
   *
   * @param run the run that has to be the one that was seen; without it any will do
   */
  recoveryMs(pod: string, run?: string): number | null;
  /** Which step the target is at, for a wait that ends without it. */
  state(pod: string): string;
  readonly moments: readonly Moment[];
}

function leavingSteps({ type, object }: PodChange): string[] {
  if (type === 'DELETED') return ['terminating', 'gone'];
  return object.metadata.deletionTimestamp === undefined ? [] : ['terminating'];
}

/** The moments that a change of a target brings: a step on its way once, what comes and goes each time. */
function momentsOf(change: PodChange, progress: Progress): string[] {
  const { aim, told, last } = progress;
  const { uid } = change.object.metadata;
  const now = (progress.last = targetState(change.object));
  const once = (steps: readonly string[]) => {
    const fresh = steps.filter((step) => !told.has(`${uid} ${step}`));
    for (const step of fresh) told.add(`${uid} ${step}`);
    return fresh;
  };
  if (uid === aim.before.uid) {
    const was = last.uid === uid ? last : aim.before;
    const changed = aim.fate === 'replaced' ? [] : momentsBetween(was, now);
    return [...changed, ...once(leavingSteps(change))];
  }
  const wasReady = last.uid === uid && last.ready;
  const gone = change.type === 'DELETED';
  return [
    ...once(stepsOf(change.object)),
    ...(now.ready && !wasReady && !gone ? ['Ready'] : []),
    ...(wasReady && !now.ready ? ['not Ready'] : []),
    ...(gone ? ['replacement gone'] : []),
  ];
}

/**
 * A timeline for pods that are about to be disrupted.
 *
 * @param targets what is expected of each, by its name
 * @param beganMs when the disruption began, on the clock of the changes
 */
export function timeline(targets: Readonly<Record<string, Aim>>, beganMs: number): Timeline {
  const moments: Moment[] = [];
  const begin = (aim: Aim): Progress => {
    const { before } = aim;
    const made: Progress = { aim, last: before, told: new Set() };
    // Of a pod that goes on as if nothing had been, the watch tells nothing.
    if (isBack(aim, before)) made.back = { run: incarnation(before), ms: 0 };
    return made;
  };
  const progress = new Map(Object.entries(targets).map(([name, aim]) => [name, begin(aim)]));
  const since = (atMs: number) => Math.max(0, Math.round(atMs - beganMs));
  return {
    moments,
    add(change) {
      const { name, uid } = change.object.metadata;
      const pod = progress.get(name);
      if (!pod) return [];
      const ms = since(change.atMs);
      const events = momentsOf(change, pod);
      const now = pod.last;
      if (change.type !== 'DELETED' && isBack(pod.aim, now)) {
        const run = incarnation(now);
        if (pod.back?.run !== run) pod.back = { run, ms };
      } else if (pod.back?.run.startsWith(`${uid} `)) {
        delete pod.back;
      }
      const told = events.map((event) => ({ ms, object: name, event }));
      moments.push(...told);
      return told;
    },
    tell(object, event, atMs) {
      const moment = { ms: since(atMs), object, event };
      moments.push(moment);
      return moment;
    },
    reported(pods, atMs) {
      for (const name of pods) {
        const pod = progress.get(name);
        if (pod) pod.reportedMs = since(atMs);
      }
    },
    recoveryMs(name, run) {
      const pod = progress.get(name);
      const back = pod?.back;
      if (!pod || !back || (run !== undefined && back.run !== run)) return null;
      if (pod.aim.fate !== 'kept') return back.ms;
      return pod.reportedMs === undefined ? null : Math.max(back.ms, pod.reportedMs);
    },
    state: (name) => moments.findLast((moment) => moment.object === name)?.event ?? 'untouched',
  };
}
