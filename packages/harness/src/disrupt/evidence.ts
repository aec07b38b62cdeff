import type { DisruptionRecord, Spans } from '@holdfast/core';
import { standingPods } from '../observe/bystanders.ts';
import type { Ending } from '../observe/endings.ts';
import type { Holders } from '../observe/holders.ts';
import type { Pod } from '../observe/objects.ts';
import type { DisruptionEvidence, TargetEvidence } from '../observe/record.ts';
import { podState } from '../observe/rollout.ts';
import { incarnation, targetState, type Aim } from '../observe/target.ts';
import type { Timeline } from '../observe/timeline.ts';
import type { Writes } from './acknowledged.ts';
import type { Aimed } from './aim.ts';
import type { PlannedDisruption } from './plan.ts';
import type { Outcome } from './strike.ts';
import { bystandersOf, slowest } from './targets.ts';

/** What was seen of a disruption. */
export interface Seen {
  /** As ISO 8601. */
  startedAt: string;
  /** What was expected of each target. */
  aims: Readonly<Record<string, Aim>>;
  line: Timeline;
  /** All pods of the namespace, just before and when it was over. */
  before: readonly Pod[];
  after: readonly Pod[];
}

/** What came of it. */
export interface Came {
  outcome: Outcome;
  samples: Holders | undefined;
  /** How a pod ended, by its UID. */
  endingOf: (uid: string) => Ending | undefined;
  writes: Writes | undefined;
  spans: Spans;
  unsettled: string | undefined;
}

const named = (list: readonly Pod[], name: string) =>
  list.find((pod) => pod.metadata.name === name);

/** When each target was back that is there now; null where the run of now was never seen so. */
export function recoveryTimes(
  names: readonly string[],
  line: Timeline,
  now: readonly Pod[],
): Record<string, number | null> {
  const msOf = (name: string) => {
    const pod = named(now, name);
    return pod ? line.recoveryMs(name, incarnation(targetState(pod))) : null;
  };
  return Object.fromEntries(names.map((name) => [name, msOf(name)]));
}

/** Puts together what a proof keeps of a disruption. */
export function evidenceOf(
  { kind, number }: PlannedDisruption,
  aimed: Aimed,
  { startedAt, aims, line, before, after }: Seen,
  { outcome, samples, endingOf, writes, spans, unsettled }: Came,
): DisruptionEvidence {
  const names = Object.keys(aims);
  const recoveryMsByPod = recoveryTimes(names, line, after);
  const became = (name: string, aim: Aim): TargetEvidence => {
    const pod = named(after, name);
    const state = `${line.state(name)}, now ${pod ? podState(pod) : 'gone'}`;
    const ending = endingOf(aim.before.uid);
    const ended = ending === undefined ? {} : { ending };
    return { ...aim, after: pod && targetState(pod), ...ended, state };
  };
  const record: DisruptionRecord = {
    number,
    kind: kind.title,
    targets: names,
    startedAt,
    recoveryMs: slowest(Object.values(recoveryMsByPod)),
    recoveryMsByPod,
    timeline: [...line.moments, ...(writes?.moments ?? [])].sort((a, b) => a.ms - b.ms),
    spans,
    ...(outcome.away === undefined ? {} : { away: outcome.away }),
    ...(writes === undefined ? {} : { gapMs: writes.gapMs }),
  };
  return {
    record,
    targets: Object.fromEntries(
      Object.entries(aims).map(([name, aim]) => [name, became(name, aim)]),
    ),
    before: standingPods(before),
    after: standingPods(after),
    bystanders: bystandersOf(kind, aimed, before),
    ...(outcome.eviction === undefined ? {} : { eviction: outcome.eviction }),
    ...(samples === undefined ? {} : { holders: samples }),
    ...(unsettled === undefined ? {} : { unsettled }),
  };
}
