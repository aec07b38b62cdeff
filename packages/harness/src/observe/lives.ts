import type { PodLife, Span } from '@holdfast/core';
import { isOwn } from './bystanders.ts';
import { isReady, type Pod } from './objects.ts';
import type { PodChange } from './timeline.ts';

/** The lives of the pods of a namespace, grown change by change. */
export interface Lives {
  add(change: PodChange): void;
  /** The lives until a time of the same clock, in the order of the pods' names and then of their own. */
  until(atMs: number): PodLife[];
}

interface Grown extends Omit<PodLife, 'ready'> {
  ready: Span[];
  readySince: number | undefined;
}

/** Pods that are meant to go on running, whatever has become of them. */
function isMeant(pod: Pod): boolean {
  return !isOwn(pod) && (pod.spec.restartPolicy ?? 'Always') === 'Always';
}

function byName(a: PodLife, b: PodLife): number {
  const order = a.pod.localeCompare(b.pod, 'en', { numeric: true });
  return order === 0 ? (a.createdMs ?? -1) - (b.createdMs ?? -1) : order;
}

/**
 * Follows the lives of pods through a disruption: from when to when each was there, and Ready.
 *
 * @param before the pods just before it
 * @param beganMs when it begins, on the clock of the changes
 */
export function podLives(before: readonly Pod[], beganMs: number): Lives {
  const lives = new Map<string, Grown>();
  const since = (atMs: number) => Math.max(0, Math.round(atMs - beganMs));

  const born = ({ metadata: { name, uid } }: Pod, createdMs: number | null): Grown => {
    const life: Grown = {
      pod: name,
      uid,
      createdMs,
      goneMs: null,
      ready: [],
      readySince: undefined,
    };
    lives.set(uid, life);
    return life;
  };
  const become = (life: Grown, ready: boolean, ms: number) => {
    if (ready) life.readySince ??= ms;
    else if (life.readySince !== undefined) {
      life.ready.push({ fromMs: life.readySince, toMs: ms });
      life.readySince = undefined;
    }
  };

  for (const pod of before.filter(isMeant)) become(born(pod, null), isReady(pod), 0);
  return {
    add({ type, object, atMs }) {
      if (!isMeant(object)) return;
      const ms = since(atMs);
      const gone = type === 'DELETED';
      const known = lives.get(object.metadata.uid);
      if (known === undefined && gone) return;
      const life = known ?? born(object, ms);
      if (gone) life.goneMs ??= ms;
      become(life, isReady(object) && life.goneMs === null, ms);
    },
    until(atMs) {
      const toMs = since(atMs);
      return [...lives.values()]
        .map(({ readySince, ready, ...life }): PodLife => {
          const last = readySince === undefined ? [] : [{ fromMs: readySince, toMs }];
          return { ...life, ready: [...ready, ...last] };
        })
        .sort(byName);
    },
  };
}
