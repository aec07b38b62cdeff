import type { NotDone } from '@holdfast/core';
import type { Kind } from './kinds.ts';
import { pick, seededRandom } from './random.ts';

/** One disruption to be done. */
export interface PlannedDisruption {
  /** Counted from 1. */
  number: number;
  kind: Kind;
  /**
   * The pods that it aims at. A node is found by them when its turn comes: the first of them that is
   * on a node which may be taken says which; the targets are all of the sets' pods there.
   */
  pods: string[];
}

/** Which disruptions are wanted. */
export interface Course {
  kinds: readonly Kind[];
  /** How often a round of all is done; nothing where they are drawn. */
  rounds: number;
  /** So many are drawn instead, by a seed. */
  mixed?: { count: number; seed: number };
}

/** What there is to disrupt. */
export interface Field {
  /** The names of the pods of each set, in the order of their ordinals. */
  sets: readonly (readonly string[])[];
  /** The nodes beside that of the control plane; undefined where nodes are out of reach. */
  agents: readonly string[] | undefined;
}

/** What will be done, and what can't be. */
export interface Plan {
  disruptions: PlannedDisruption[];
  notDone: NotDone[];
}

type Draft = Omit<PlannedDisruption, 'number'>;

/**
 * How often a container is killed in the same pod. The kubelet starts it again at once, then after 10,
 * 20 and 40 s; it would wait for 80 s the fifth time, which says nothing of the chart.
 */
const maxKills = 4;

/** Why a kind can't be done at all; undefined where it can. */
function hindrance(kind: Kind, { sets, agents }: Field): string | undefined {
  if (kind.fromNode && agents === undefined) {
    return 'the nodes are out of reach: the cluster was not booted by this run';
  }
  if (kind.aim === 'node' && agents?.length === 0) {
    return 'the cluster has no node beside that of the control plane';
  }
  if (kind.aim === 'pods' && sets.flat().length < 2) return 'there is a single pod';
  return undefined;
}

/** Whom a kind is done to in a round. */
function drafts(kind: Kind, { sets }: Field): Draft[] {
  const all = sets.flat();
  if (kind.aim !== 'pod') return [{ kind, pods: all }];
  const each = kind.id === 'graceful';
  const ends = sets.flatMap((pods) => [...new Set([...pods.slice(0, 1), ...pods.slice(-1)])]);
  return (each ? all : ends).map((pod) => ({ kind, pods: [pod] }));
}

/** Counts the kills of each pod since it was last replaced, and says whether one more is allowed. */
function killCount() {
  const killed = new Map<string, number>();
  return {
    allows: ({ kind, pods }: Draft) =>
      kind.mainOnly !== true || pods.every((pod) => (killed.get(pod) ?? 0) < maxKills),
    add({ kind, pods }: Draft) {
      for (const pod of pods) {
        const times = killed.get(pod) ?? 0;
        if (kind.mainOnly === true) killed.set(pod, times + 1);
        // The kubelet counts what ended with a node as well, once at most.
        else if (kind.fate === 'restarted') killed.set(pod, Math.max(times, 1));
        // An eviction may be refused, and leave the pod as it is.
        else if (kind.fate === 'replaced' && kind.id !== 'evict') killed.delete(pod);
      }
    },
  };
}

function inRounds(possible: readonly Kind[], rounds: number, field: Field): Draft[] {
  const round = possible.flatMap((kind) => drafts(kind, field));
  return Array.from({ length: rounds }, () => round).flat();
}

/** Pods from one of them on, and those before it at the end. */
function startingAt(pods: readonly string[], first: string): string[] {
  const index = pods.indexOf(first);
  return [...pods.slice(index), ...pods.slice(0, index)];
}

function drawn(possible: readonly Kind[], count: number, seed: number, field: Field): Draft[] {
  const random = seededRandom(seed);
  const all = field.sets.flat();
  const kills = killCount();
  const drafted: Draft[] = [];
  while (drafted.length < count) {
    // Drawn among what is still allowed: a kind is as likely as another while all its pods are.
    const options = possible.flatMap((kind) => {
      const pods = kind.aim === 'pod' ? all.map((pod) => [pod]) : [all];
      const allowed = pods.map((names) => ({ kind, pods: names })).filter(kills.allows);
      return allowed.length === 0 ? [] : [allowed];
    });
    const draft = pick(random, pick(random, options) ?? []);
    if (draft === undefined) break;
    const from = pick(random, all) ?? '';
    kills.add(draft);
    drafted.push(draft.kind.aim === 'node' ? { ...draft, pods: startingAt(all, from) } : draft);
  }
  return drafted;
}

/**
 * The disruptions of a proof. In every round the kinds follow one another: each pod by itself is
 * deleted gracefully; the first and the last of each set by the other kinds that aim at one pod; then
 * all pods at once, and the nodes. Or a number of them, drawn by a seed: the same for the same pods.
 */
export function planDisruptions({ kinds, rounds, mixed }: Course, field: Field): Plan {
  const notDone: NotDone[] = kinds.flatMap((kind) => {
    const reason = hindrance(kind, field);
    return reason === undefined ? [] : [{ kind: kind.title, reason }];
  });
  const possible = kinds.filter((kind) => hindrance(kind, field) === undefined);
  const drafted = mixed
    ? drawn(possible, mixed.count, mixed.seed, field)
    : inRounds(possible, rounds, field);
  const kills = killCount();
  const disruptions: PlannedDisruption[] = [];
  for (const draft of drafted) {
    if (kills.allows(draft)) {
      kills.add(draft);
      disruptions.push({ ...draft, number: disruptions.length + 1 });
    } else {
      const reason = `the kubelet makes a container wait too long that was killed ${maxKills} times`;
      notDone.push({ kind: draft.kind.title, reason, targets: draft.pods });
    }
  }
  const lacking = (mixed?.count ?? 0) - drafted.length;
  if (lacking > 0 && possible.length > 0) {
    const reason = `the kubelet makes a container wait too long that was killed ${maxKills} times`;
    notDone.push({ kind: `${lacking} of those to be drawn`, reason });
  }
  return { disruptions, notDone };
}
