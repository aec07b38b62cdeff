import type { Moment } from '@holdfast/core';
import { hasCondition, isReady, type Pod } from './objects.ts';

/** A change of a pod as a watch told it. */
export interface PodChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: Pod;
  /** Milliseconds of a monotonic clock. */
  atMs: number;
}

/** What is known of one target of a disruption. */
interface Progress {
  oldUid: string;
  told: Set<string>;
  /** The replacement that was Ready last and is still there, and since when. */
  ready?: { uid: string; ms: number };
}

/** A disruption's timeline, grown change by change. */
export interface Timeline {
  /** Takes a change in and says which moments it brought. */
  add(change: PodChange): Moment[];
  /**
   * Milliseconds from the beginning until the target's replacement was Ready; null: not yet, or it
   * is gone again.
   *
   * @param uid the replacement's; without it any pod of that name will do
   */
  recoveryMs(pod: string, uid?: string): number | null;
  /** Which step the target's replacement is at, for a wait that ends without it. */
  state(pod: string): string;
  readonly moments: readonly Moment[];
}

/** The steps that a pod's state has passed, in their order. */
function steps(change: PodChange, oldUid: string): string[] {
  const pod = change.object;
  if (pod.metadata.uid === oldUid) {
    if (change.type === 'DELETED') return ['terminating', 'gone'];
    return pod.metadata.deletionTimestamp === undefined ? [] : ['terminating'];
  }
  const statuses = pod.status.containerStatuses ?? [];
  const started = statuses.length > 0 && statuses.every((s) => s.state?.running !== undefined);
  return [
    'created with a new UID',
    ...(hasCondition(pod, 'PodScheduled') ? [`scheduled on ${pod.spec.nodeName ?? 'a node'}`] : []),
    ...(started ? ['containers started'] : []),
    ...(isReady(pod) ? ['Ready'] : []),
  ];
}

/**
 * A timeline for pods that are about to be replaced.
 *
 * @param targets the pods' names with the UIDs that they have before
 * @param beganMs when the disruption began, on the clock of the changes
 */
export function timeline(targets: Readonly<Record<string, string>>, beganMs: number): Timeline {
  const moments: Moment[] = [];
  const progress = new Map<string, Progress>(
    Object.entries(targets).map(([name, oldUid]) => [name, { oldUid, told: new Set() }]),
  );
  return {
    moments,
    add(change) {
      const { name, uid } = change.object.metadata;
      const pod = progress.get(name);
      if (!pod) return [];
      const ms = Math.max(0, Math.round(change.atMs - beganMs));
      const fresh = steps(change, pod.oldUid).filter((step) => !pod.told.has(`${uid} ${step}`));
      for (const step of fresh) {
        pod.told.add(`${uid} ${step}`);
        if (step === 'Ready') pod.ready = { uid, ms };
      }
      if (change.type === 'DELETED' && uid !== pod.oldUid) {
        fresh.push('replacement gone');
        if (pod.ready?.uid === uid) delete pod.ready;
      }
      const told = fresh.map((event) => ({ ms, object: name, event }));
      moments.push(...told);
      return told;
    },
    recoveryMs(name, uid) {
      const ready = progress.get(name)?.ready;
      return ready && (uid === undefined || ready.uid === uid) ? ready.ms : null;
    },
    state: (name) => moments.findLast((moment) => moment.object === name)?.event ?? 'not deleted',
  };
}
