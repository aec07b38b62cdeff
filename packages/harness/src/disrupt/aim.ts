import type { NodeControl } from '../cluster/cluster.ts';
import type { Pod } from '../observe/objects.ts';
import type { PlannedDisruption } from './plan.ts';

/** At whom a planned disruption turns out to aim. */
export interface Aimed {
  /** The names of the pods. */
  targets: string[];
  /** The names of the nodes that it takes away. */
  nodes: string[];
}

/**
 * Finds the targets of a planned disruption among the pods as they are now.
 *
 * @param members the pods of the sets
 * @returns why it can't be done, where it can't
 */
export function aimAt(
  { kind, pods }: PlannedDisruption,
  members: readonly Pod[],
  control: NodeControl | undefined,
): Aimed | string {
  const nodeOf = (name: string) =>
    members.find((pod) => pod.metadata.name === name)?.spec.nodeName ?? '';
  switch (kind.aim) {
    case 'pod':
    case 'pods':
      return { targets: [...pods], nodes: [] };
    case 'nodes':
      return {
        targets: members.map((pod) => pod.metadata.name),
        nodes: control ? [control.server, ...control.agents] : [],
      };
    case 'node': {
      const node = pods.map(nodeOf).find((name) => control?.agents.includes(name));
      if (node === undefined) return 'no pod of the sets is on a node beside the control plane';
      const there = members.filter((pod) => pod.spec.nodeName === node);
      return { targets: there.map((pod) => pod.metadata.name), nodes: [node] };
    }
  }
}
