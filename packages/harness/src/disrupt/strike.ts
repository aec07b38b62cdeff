import type { Absence } from '@holdfast/core';
import type { NodeControl } from '../cluster/cluster.ts';
import type { Pod } from '../observe/objects.ts';
import type { EvictionEvidence } from '../observe/record.ts';
import type { Scene } from './scene.ts';

/** A disruption as it is done: at whom, and whom it tells. */
export interface Strike {
  scene: Scene;
  /** The targets as they were just before. */
  targets: readonly Pod[];
  /** The nodes that it takes away; none where it takes pods. */
  nodes: readonly string[];
  /** When it began, on the clock of `performance.now()`. */
  beganMs: number;
  /** Adds a moment to the timeline, now. */
  tell: (object: string, event: string) => void;
  /** Says that the nodes report again, so that what the API has of the targets is of now. */
  reported: () => void;
}

/** What came of it beside the targets' recovery. */
export interface Outcome {
  /** Why it was not done, where the cluster refused it. */
  refused?: string;
  away?: Absence;
  eviction?: EvictionEvidence;
}

/** The nodes' control, which a plan takes for granted where a kind needs it. */
export function controlOf({ control }: Scene): NodeControl {
  if (control === undefined) throw new Error('the nodes are out of reach');
  return control;
}

/** Does the same with every target at once. */
export async function each(
  { targets }: Strike,
  work: (pod: Pod) => Promise<void>,
): Promise<Outcome> {
  await Promise.all(targets.map(work));
  return {};
}
