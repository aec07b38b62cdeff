import { badInput } from '@holdfast/core';
import type { Pod } from '../observe/objects.ts';
import { mainContainer, type Fate } from '../observe/target.ts';
import { awaitBudget, evictTarget } from './evict.ts';
import { cutNodeOff, restartNodes, stopNode } from './nodes.ts';
import { pods } from './resources.ts';
import { killContainer } from './runtime.ts';
import type { Scene } from './scene.ts';
import { controlOf, each, type Outcome, type Strike } from './strike.ts';

/** What a kind takes away. */
export type KindAim =
  /** One pod. */
  | 'pod'
  /** All pods of the sets. */
  | 'pods'
  /** A node that is not that of the control plane, with all that runs on it. */
  | 'node'
  /** All nodes. */
  | 'nodes';

/** A kind of disruption: data, and one function that does it. */
export interface Kind {
  /** On the command line. */
  id: string;
  /** In reports. */
  title: string;
  aim: KindAim;
  /** What is expected of its targets. */
  fate: Fate;
  /** Only its main container is ended. */
  mainOnly?: true;
  /** It is done from a node. */
  fromNode: boolean;
  /** Waits until it can be done to these pods; says why not, where it can't. */
  awaitPossible?(scene: Scene, targets: readonly Pod[]): Promise<string | undefined>;
  strike(strike: Strike): Promise<Outcome>;
}

function deletion(strike: Strike, event: string, options: object): Promise<Outcome> {
  const { client, namespace } = strike.scene;
  return each(strike, async ({ metadata: { name, uid } }) => {
    strike.tell(name, event);
    await client.remove(pods, name, namespace, { ...options, preconditions: { uid } });
  });
}

async function killMain(strike: Strike): Promise<Outcome> {
  return each(strike, async (pod) => {
    const status = pod.status.containerStatuses?.find(({ name }) => name === mainContainer(pod));
    const node = pod.spec.nodeName ?? '';
    await killContainer(controlOf(strike.scene), node, status?.containerID ?? '');
    strike.tell(pod.metadata.name, 'SIGKILL sent');
  });
}

/** All kinds of disruption, in the order in which a round does them. */
export const kinds: readonly Kind[] = [
  {
    id: 'graceful',
    title: 'graceful delete',
    aim: 'pod',
    fate: 'replaced',
    fromNode: false,
    strike: (strike) => deletion(strike, 'delete requested', {}),
  },
  {
    id: 'force',
    title: 'force delete',
    aim: 'pod',
    fate: 'replaced',
    fromNode: false,
    strike: (strike) => deletion(strike, 'force delete requested', { gracePeriodSeconds: 0 }),
  },
  {
    id: 'evict',
    title: 'eviction',
    aim: 'pod',
    fate: 'replaced',
    fromNode: false,
    awaitPossible: awaitBudget,
    strike: evictTarget,
  },
  {
    id: 'kill',
    title: 'kill of PID 1',
    aim: 'pod',
    fate: 'restarted',
    mainOnly: true,
    fromNode: true,
    strike: killMain,
  },
  {
    id: 'all',
    title: 'all at once',
    aim: 'pods',
    fate: 'replaced',
    fromNode: false,
    strike: (strike) => deletion(strike, 'delete requested', {}),
  },
  {
    id: 'node-stop',
    title: 'node stopped',
    aim: 'node',
    fate: 'restarted',
    fromNode: true,
    strike: (strike) => stopNode(strike),
  },
  {
    id: 'cut-off',
    title: 'node cut off',
    aim: 'node',
    fate: 'kept',
    fromNode: true,
    strike: (strike) => cutNodeOff(strike),
  },
  {
    id: 'restart',
    title: 'cluster restarted',
    aim: 'nodes',
    fate: 'restarted',
    fromNode: true,
    strike: restartNodes,
  },
];

/**
 * The kinds that were chosen by their ids, in the order of a round; all where nothing is chosen.
 *
 * @throws HoldfastError (badInput) for an id that no kind has
 */
export function selectKinds(ids: readonly string[] | undefined): Kind[] {
  if (ids === undefined || ids.length === 0) return [...kinds];
  for (const id of ids) {
    if (kinds.some((kind) => kind.id === id)) continue;
    throw badInput('there is no such kind of disruption', {
      object: `--disrupt ${id}`,
      hint: `choose among ${kinds.map((kind) => kind.id).join(', ')}`,
    });
  }
  return kinds.filter((kind) => ids.includes(kind.id));
}
