import { standingPods } from '../observe/bystanders.ts';
import type { Pod } from '../observe/objects.ts';
import { mainContainer, targetState, type Aim } from '../observe/target.ts';
import type { Aimed } from './aim.ts';
import type { Kind } from './kinds.ts';

/** The time of the last of them; null where one of them never was. */
export function slowest(times: readonly (number | null)[]): number | null {
  return times.reduce((most, ms) => (most === null || ms === null ? null : Math.max(most, ms)), 0);
}

/** What is expected of each target, by its name. */
export function aimsOf(kind: Kind, targets: readonly Pod[]): Record<string, Aim> {
  const aim = (pod: Pod): Aim => ({
    fate: kind.fate,
    before: targetState(pod),
    ...(kind.mainOnly === true ? { hit: mainContainer(pod) } : {}),
  });
  return Object.fromEntries(targets.map((pod) => [pod.metadata.name, aim(pod)]));
}

/** The names of the pods that a disruption must not touch: none where it takes all. */
export function bystandersOf(
  kind: Kind,
  { targets, nodes }: Aimed,
  before: readonly Pod[],
): string[] {
  const standing = standingPods(before);
  const apart = {
    pod: () => standing.filter(({ name }) => !targets.includes(name)),
    node: () => standing.filter(({ node }) => !nodes.includes(node)),
    pods: () => [],
    nodes: () => [],
  };
  return apart[kind.aim]().map(({ name }) => name);
}
