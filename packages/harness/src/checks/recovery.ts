import type { Evidence, NotDone } from '@holdfast/core';
import type { DisruptionEvidence, ProofRecord, TargetEvidence } from '../observe/record.ts';
import { restartsSince } from '../observe/target.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

/** What became of a target, and whether that is what its kind of disruption means for it. */
interface Finding {
  ok: boolean;
  before: string;
  after: string;
}

function replacement({ before, after }: TargetEvidence): Finding {
  const ok = after !== undefined && after.uid !== before.uid;
  return { ok, before: `UID ${before.uid}`, after: ok ? `UID ${after.uid}` : 'no new UID' };
}

/** How the containers of a pod that stays the same were started anew. */
function restarts({ before, after, hit, fate }: TargetEvidence): Finding {
  const was = `UID ${before.uid}`;
  if (after?.uid !== before.uid) {
    return { ok: false, before: was, after: after ? `replaced by UID ${after.uid}` : 'gone' };
  }
  const lines = before.containers.map((container) => {
    const more = restartsSince(container, after);
    const spared = fate === 'kept' || (hit !== undefined && container.name !== hit);
    const once = hit !== undefined && !spared;
    // A node that goes away may end a container before it is gone itself: the restart in between counts.
    const ok = fate === 'kept' ? more >= 0 : spared ? more === 0 : once ? more === 1 : more >= 1;
    return { ok, text: `${container.name} ${count(more, 'restart')} more` };
  });
  const ok = lines.length > 0 && lines.every((line) => line.ok);
  return { ok, before: was, after: `same UID, ${lines.map(({ text }) => text).join(', ')}` };
}

function ofTargets(done: DisruptionEvidence, limitMs: number): Evidence[] {
  const { number, recoveryMsByPod } = done.record;
  return Object.entries(done.targets).map(([object, target]): Evidence => {
    const found = target.fate === 'replaced' ? replacement(target) : restarts(target);
    const ms = recoveryMsByPod[object] ?? null;
    const inTime = ms !== null && ms <= limitMs;
    const late = `not Ready within ${limitMs / 1000} s, last seen: ${target.state}`;
    const back = inTime ? `Ready after ${ms} ms` : late;
    const after = found.ok || inTime ? `${found.after}, ${back}` : late;
    return { ...found, object, disruption: number, ok: found.ok && inTime, after };
  });
}

/** "eviction: the budget allows none". */
function reasonOf({ kind, reason }: NotDone): string {
  return `${kind}: ${reason}`;
}

function undone({ planned, disruptions, notDone, stopped }: ProofRecord): Evidence[] {
  const refused = notDone.filter(({ number }) => number !== undefined);
  const left = planned - disruptions.length - refused.length;
  if (left <= 0) return [];
  const why = stopped === undefined ? '' : `: ${stopped}`;
  const after = `${count(left, 'disruption')} not done${why}`;
  return [{ object: 'plan', disruption: disruptions.length, ok: false, after }];
}

/** What was left out is no failure, and is told beside what was done. */
function leftOut({ notDone }: ProofRecord): Evidence[] {
  return notDone.map((entry) => ({
    object: entry.targets?.join(', ') ?? 'plan',
    disruption: entry.number ?? 0,
    ok: true,
    after: `not done: ${reasonOf(entry)}`,
  }));
}

function recovered(record: ProofRecord): Conclusion {
  const { disruptions, notDone } = record;
  const lacking = undone(record);
  if (disruptions.length === 0 && lacking.length === 0 && notDone.length > 0) {
    return skipped(`no disruption was done: ${notDone.map(reasonOf).join('; ')}`);
  }
  const evidence = disruptions.flatMap((done): Evidence[] => {
    const pods = ofTargets(done, record.limits.recoveryMs);
    if (done.unsettled === undefined) return pods;
    const { number } = done.record;
    return [...pods, { object: 'all pods', disruption: number, ok: false, after: done.unsettled }];
  });
  if (evidence.length + lacking.length === 0) return concludeFrom([], '');
  const targets = disruptions.flatMap((done) => Object.values(done.targets));
  const replaced = targets.filter(({ fate }) => fate === 'replaced').length;
  const parts = [
    count(disruptions.length, 'disruption'),
    ...(replaced > 0 ? [`${count(replaced, 'pod')} replaced`] : []),
    ...(replaced < targets.length
      ? [`${count(targets.length - replaced, 'pod')} with the same UID`]
      : []),
    ...(notDone.length > 0 ? [`${notDone.length} not done`] : []),
  ];
  return concludeFrom([...evidence, ...lacking, ...leftOut(record)], parts.join(', '));
}

/** Whether and when what was disrupted came back. */
export const recoveryChecks: readonly Check[] = [
  {
    id: 'R1',
    title: 'every disrupted pod is back and Ready',
    needs: 'disruption',
    conclude: recovered,
  },
];
