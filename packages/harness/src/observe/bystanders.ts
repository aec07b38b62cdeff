import type { Difference } from './identity-diff.ts';
import { restartsOf } from './identity.ts';
import type { Pod } from './objects.ts';

/** What Holdfast's own objects in a proof's namespace are labelled with. */
const ownLabel = ['app.kubernetes.io/managed-by', 'holdfast'] as const;

/** Whether a pod is one of Holdfast's own, such as the client pod: no part of the release. */
export function isOwn({ metadata }: Pod): boolean {
  return metadata.labels?.[ownLabel[0]] === ownLabel[1];
}

/** A pod that is meant to go on running, at one moment. */
export interface StandingPod {
  name: string;
  uid: string;
  /** The node that it was on. */
  node: string;
  restarts: number;
  /** The ids of its containers, of those that have been started. */
  containers: string[];
}

/**
 * The release's pods that are meant to go on running: none of Holdfast's own, no Job's and no test's,
 * which end by themselves.
 */
export function standingPods(pods: readonly Pod[]): StandingPod[] {
  return pods
    .filter((pod) => !isOwn(pod))
    .filter((pod) => (pod.spec.restartPolicy ?? 'Always') === 'Always')
    .filter((pod) => pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed')
    .map((pod) => ({
      name: pod.metadata.name,
      uid: pod.metadata.uid,
      node: pod.spec.nodeName ?? '',
      restarts: restartsOf(pod),
      containers: (pod.status.containerStatuses ?? [])
        .flatMap((status) => status.containerID ?? [])
        .sort(),
    }));
}

/** A pod as it is seen again; its node and containers are not known everywhere. */
export type SeenPod = Pick<StandingPod, 'name' | 'uid' | 'restarts'> & { containers?: string[] };

/** What happened to a pod since it was seen before; undefined where nothing. */
export function touched(before: SeenPod, after: readonly SeenPod[]): Difference | undefined {
  const now = after.find((entry) => entry.name === before.name);
  if (!now) return { what: 'pod', before: `UID ${before.uid}`, after: 'gone' };
  if (now.uid !== before.uid) return { what: 'UID', before: before.uid, after: now.uid };
  if (now.restarts !== before.restarts) {
    return { what: 'restarts', before: String(before.restarts), after: String(now.restarts) };
  }
  if (!before.containers || !now.containers) return undefined;
  const [was, is] = [before.containers, now.containers];
  if (was.every((id) => is.includes(id))) return undefined;
  return { what: 'containers', before: was.join(' '), after: is.join(' ') || 'none' };
}
