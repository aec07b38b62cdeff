import type { ContainerStatus, Pod } from './objects.ts';
import type { PodChange } from './timeline.ts';

/** How a pod ended that was told to stop. */
export interface Ending {
  /** From being told to stop until it was gone, in milliseconds. */
  ms: number;
  /** What it was given to stop in, in milliseconds; 0: it was deleted by force. */
  graceMs: number;
  /** The containers that were killed. */
  killed: string[];
  /** The containers of which no end was seen. */
  unseen: string[];
}

/** The endings of pods, grown change by change. */
export interface Endings {
  add(change: PodChange): void;
  /** By the pod's UID; undefined while it is not gone. */
  of: (uid: string) => Ending | undefined;
}

interface Grown {
  toldMs: number;
  goneMs?: number;
  last: Pod;
}

/** The exit code of a process that SIGKILL ended. */
const sigkill = 137;

/** How a container ended; the kubelet makes one up for a container that it does not know any more. */
function terminatedOf({ state }: ContainerStatus) {
  const ended = state?.terminated;
  return ended?.reason === 'ContainerStatusUnknown' ? undefined : ended;
}

function endingOf({ toldMs, goneMs, last }: Grown): Ending | undefined {
  if (goneMs === undefined) return undefined;
  const statuses = last.status.containerStatuses ?? [];
  const named = (those: ContainerStatus[]) => those.map(({ name }) => name);
  return {
    ms: Math.round(goneMs - toldMs),
    graceMs: (last.metadata.deletionGracePeriodSeconds ?? 0) * 1000,
    killed: named(statuses.filter((status) => terminatedOf(status)?.exitCode === sigkill)),
    unseen: named(statuses.filter((status) => terminatedOf(status) === undefined)),
  };
}

/** The kubelet's own deletion, once all has ended, sets the period to 0: the one before it counts. */
function withGrace(pod: Pod, before: Pod | undefined): Pod {
  const given = before?.metadata.deletionGracePeriodSeconds;
  if (given === undefined) return pod;
  return { ...pod, metadata: { ...pod.metadata, deletionGracePeriodSeconds: given } };
}

/** Follows how pods end, by the changes of a watch. */
export function podEndings(): Endings {
  const known = new Map<string, Grown>();
  return {
    add({ type, object, atMs }) {
      const { uid, deletionTimestamp } = object.metadata;
      const gone = type === 'DELETED';
      const before = known.get(uid);
      if (!before && !gone && deletionTimestamp === undefined) return;
      known.set(uid, {
        toldMs: before?.toldMs ?? atMs,
        last: withGrace(object, before?.last),
        ...(gone ? { goneMs: atMs } : {}),
      });
    },
    of: (uid) => {
      const grown = known.get(uid);
      return grown && endingOf(grown);
    },
  };
}
