import type { Evidence } from '@holdfast/core';
import type { ProofRecord } from '../observe/record.ts';
import { concludeFrom, count, type Check, type Conclusion } from './conclude.ts';

function replaced(record: ProofRecord): Conclusion {
  const limit = record.limits.recoveryMs;
  const evidence = record.disruptions.flatMap((done): Evidence[] => {
    const { number, targets, recoveryMsByPod } = done.record;
    const pods = targets.map((pod): Evidence => {
      const uid = done.uids[pod];
      const ms = recoveryMsByPod[pod] ?? null;
      const fresh = uid?.after !== undefined && uid.after !== uid.before;
      const late = `not Ready within ${limit / 1000} s, last seen: ${done.states[pod] ?? 'nothing'}`;
      const back = fresh ? `UID ${uid.after ?? ''} Ready after ${ms ?? 0} ms` : 'no new UID';
      const ok = fresh && ms !== null && ms <= limit;
      return {
        object: pod,
        disruption: number,
        ok,
        before: `UID ${uid?.before ?? 'unknown'}`,
        after: ms === null || ms > limit ? late : back,
      };
    });
    if (done.unsettled === undefined) return pods;
    return [...pods, { object: 'all pods', disruption: number, ok: false, after: done.unsettled }];
  });
  const left = record.planned - record.disruptions.length;
  const undone: Evidence[] = [];
  if (left > 0) {
    const why = record.stopped === undefined ? '' : `: ${record.stopped}`;
    const after = `${count(left, 'disruption')} not done${why}`;
    undone.push({ object: 'plan', disruption: record.disruptions.length, ok: false, after });
  }
  const pods = record.disruptions.reduce((sum, done) => sum + done.record.targets.length, 0);
  const summary = `${count(record.disruptions.length, 'disruption')}, ${count(pods, 'pod')} replaced`;
  return concludeFrom([...evidence, ...undone], summary);
}

/** Whether and when what was disrupted came back. */
export const recoveryChecks: readonly Check[] = [
  {
    id: 'R1',
    title: 'every deleted pod is replaced and Ready',
    needs: 'disruption',
    conclude: replaced,
  },
];
