import type { Evidence } from '@holdfast/core';
import type { HolderSample } from '../observe/holders.ts';
import type { ProofRecord } from '../observe/record.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

function total(samples: readonly HolderSample[]): number {
  return samples.reduce((sum, { times }) => sum + times, 0);
}

/** Two pods in one sample: each shown, and the whole as one line where there is none. */
function overlaps(pod: string, disruption: number, samples: readonly HolderSample[]): Evidence[] {
  const both = samples.filter(({ uids }) => uids.length > 1);
  const shown = both.map(({ ms, uids, times }): Evidence => {
    const after = `open for writing by ${uids.join(' and ')} in ${count(times, 'sample')}`;
    return { object: `${pod}, ${ms} ms after the first`, disruption, ok: false, after };
  });
  if (shown.length > 0) return shown;
  const uids = [...new Set(samples.flatMap((sample) => sample.uids))];
  const by = uids.length === 1 ? 'one pod' : `${count(uids.length, 'pod')}, never two at a time`;
  const after = `${count(total(samples), 'sample')}: open for writing by ${by}`;
  return [{ object: pod, disruption, ok: true, after }];
}

function oneAtATime({ disruptions }: ProofRecord): Conclusion {
  const watched = disruptions.flatMap(({ record, holders }) =>
    holders === undefined ? [] : [{ number: record.number, holders }],
  );
  if (watched.length === 0) return skipped('no pod was deleted by force');
  const seen = watched.flatMap(({ number, holders }) => {
    if ('untried' in holders) return [];
    const open = holders.samples.some(({ uids }) => uids.length > 0);
    return open ? [{ number, ...holders }] : [];
  });
  if (seen.length === 0) {
    const [first] = watched.map(({ holders }) => holders);
    const untried = first && 'untried' in first ? first.untried : undefined;
    return skipped(untried ?? 'no file of a volume was ever seen open for writing');
  }
  const evidence = seen.flatMap(({ pod, number, samples }) => overlaps(pod, number, samples));
  const samples = seen.reduce((sum, entry) => sum + total(entry.samples), 0);
  const deletions = count(seen.length, 'deletion');
  return concludeFrom(evidence, `${samples} samples from the node in ${deletions} by force`);
}

/** Who writes to a data directory. */
export const holderChecks: readonly Check[] = [
  {
    id: 'D7',
    title: 'never two pods on one data directory',
    needs: 'disruption',
    conclude: oneAtATime,
  },
];
