import type { Evidence } from '@holdfast/core';
import { touched, type SeenPod } from '../observe/bystanders.ts';
import type { Difference } from '../observe/identity-diff.ts';
import type { DisruptionEvidence, ProofRecord } from '../observe/record.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

/** The pods that a disruption must not touch, as they were before it. */
function bystandersOf({ bystanders, before }: DisruptionEvidence): SeenPod[] {
  return before.filter((pod) => bystanders.includes(pod.name));
}

function damage({ what, before, after }: Difference) {
  return { ok: false, before, after: `${what} ${after}` };
}

function during(done: DisruptionEvidence): Evidence[] {
  return bystandersOf(done).map((pod) => {
    const difference = touched(pod, done.after);
    const where = { object: pod.name, disruption: done.record.number };
    if (!difference) return { ...where, ok: true, after: 'same UID, no restart' };
    return { ...where, ...damage(difference) };
  });
}

/** What happened between two looks, while nothing was disrupted. */
function meanwhile(
  disruption: number,
  before: readonly SeenPod[],
  after: readonly SeenPod[],
): Evidence[] {
  return before.flatMap((pod) => {
    const difference = touched(pod, after);
    if (!difference) return [];
    const object = `${pod.name}, with nothing disrupted since`;
    return [{ object, disruption, ...damage(difference) }];
  });
}

/** The pods of two looks that both have seen: a look at the sets' pods alone sees no others. */
function both(pods: readonly SeenPod[], others: readonly SeenPod[]): SeenPod[] {
  return pods.filter(({ name }) => others.some((other) => other.name === name));
}

/**
 * What happened to the sets' pods before the first disruption, between two of them, and after the
 * last. Other pods may rightly follow later: a client that restarts because all of a set were gone.
 */
function inBetween({ observations, disruptions }: ProofRecord): Evidence[] {
  const seen = (number: number): SeenPod[] => {
    const pods = observations.find((entry) => entry.disruption === number)?.pods ?? [];
    return pods.map(({ name, uid, restarts }) => ({ name, uid, restarts }));
  };
  const between = disruptions.slice(1).flatMap((done, index) => {
    const former = disruptions[index];
    if (!former) return [];
    const { number } = former.record;
    return meanwhile(number, both(former.after, seen(number)), done.before);
  });
  const [first, last] = [disruptions[0], disruptions.at(-1)];
  const baseline = first ? meanwhile(0, both(seen(0), first.before), first.before) : [];
  const final = last ? seen(last.record.number) : [];
  const end = last ? meanwhile(last.record.number, both(last.after, final), final) : [];
  return [...baseline, ...between, ...end];
}

function untouched(record: ProofRecord): Conclusion {
  const withOthers = record.disruptions.filter((done) => bystandersOf(done).length > 0);
  const evidence = [...withOthers.flatMap(during), ...inBetween(record)];
  if (evidence.length === 0) return skipped('no disruption left a pod standing by');
  return concludeFrom(evidence, `${count(withOthers.length, 'disruption')} of others`);
}

/** What became of a request for one eviction more than a budget allows. */
function beyondBudget({ disruptions }: ProofRecord): Conclusion {
  const evictions = disruptions.filter(({ eviction }) => eviction !== undefined);
  const evidence = evictions.flatMap(({ record, eviction }): Evidence[] => {
    if (eviction?.beyond === undefined) return [];
    const { pod, budget, refused, said } = eviction.beyond;
    const before = `${record.targets.join(', ')} away, budget ${budget} used up`;
    return [{ object: pod, disruption: record.number, ok: refused, before, after: said }];
  });
  if (evictions.length === 0) return skipped('no pod was evicted');
  if (evidence.length === 0) {
    const reasons = new Set(evictions.flatMap(({ eviction }) => eviction?.untried ?? []));
    return skipped(`no budget was used up: ${[...reasons].join('; ')}`);
  }
  return concludeFrom(evidence, `${count(evidence.length, 'eviction')} refused`);
}

/** What a disruption does to those it did not aim at. */
export const bystanderChecks: readonly Check[] = [
  {
    id: 'B1',
    title: 'bystander pods are untouched',
    needs: 'disruption',
    conclude: untouched,
  },
  {
    id: 'B2',
    title: 'evictions beyond the budget are refused',
    needs: 'disruption',
    conclude: beyondBudget,
  },
];
