import type { Difference } from './identity-diff.ts';
import { restartsOf } from './identity.ts';
import type { Pod } from './objects.ts';

/** A pod that a disruption did not aim at. */
export interface Bystander {
  name: string;
  uid: string;
  restarts: number;
  /** The running containers' ids. */
  containers: string[];
}

/** The pods of the namespace that still have work to do, without the targets of a disruption. */
export function bystanders(pods: readonly Pod[], targets: readonly string[]): Bystander[] {
  return pods
    .filter((pod) => !targets.includes(pod.metadata.name))
    .filter((pod) => pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed')
    .map((pod) => ({
      name: pod.metadata.name,
      uid: pod.metadata.uid,
      restarts: restartsOf(pod),
      containers: (pod.status.containerStatuses ?? []).map((s) => s.containerID ?? 'none').sort(),
    }));
}

/** What a disruption did to a pod that it did not aim at; undefined where nothing. */
export function touched(before: Bystander, after: readonly Bystander[]): Difference | undefined {
  const now = after.find((entry) => entry.name === before.name);
  if (!now) return { what: 'pod', before: `UID ${before.uid}`, after: 'gone' };
  if (now.uid !== before.uid) return { what: 'UID', before: before.uid, after: now.uid };
  if (now.restarts !== before.restarts) {
    return { what: 'restarts', before: String(before.restarts), after: String(now.restarts) };
  }
  const [was, is] = [before.containers.join(' '), now.containers.join(' ')];
  return was === is ? undefined : { what: 'containers', before: was, after: is };
}
