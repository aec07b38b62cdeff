import type { Evidence } from '@holdfast/core';
import { touched } from '../observe/bystanders.ts';
import type { ProofRecord } from '../observe/record.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

function untouched(record: ProofRecord): Conclusion {
  const single = record.disruptions.filter((done) => done.record.targets.length === 1);
  const withOthers = single.filter((done) => done.bystanders.length > 0);
  if (withOthers.length === 0) return skipped('no disruption left a pod standing by');
  const evidence = withOthers.flatMap((done) =>
    done.bystanders.map((pod): Evidence => {
      const difference = touched(pod, done.bystandersAfter);
      const where = { object: pod.name, disruption: done.record.number };
      if (!difference) return { ...where, ok: true, after: 'same UID, no restart' };
      const { what, before, after } = difference;
      return { ...where, ok: false, before, after: `${what} ${after}` };
    }),
  );
  return concludeFrom(evidence, `${count(withOthers.length, 'disruption')} of single pods`);
}

/** What a disruption does to those it did not aim at. */
export const bystanderChecks: readonly Check[] = [
  {
    id: 'B1',
    title: 'bystander pods are untouched',
    needs: 'disruption',
    conclude: untouched,
  },
];
