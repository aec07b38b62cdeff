import type { DisruptionRecord } from '@holdfast/core';
import type { Ending } from '../observe/endings.ts';
import type { ProofRecord } from '../observe/record.ts';
import { broken, first } from './act-damage.fixture.ts';

export const ending = (damage: (entry: Ending) => void) =>
  broken(({ disruptions }) => {
    for (const { ending: found } of Object.values(first(disruptions).targets)) {
      if (found) damage(found);
    }
  });
export const disruption = (damage: (record: DisruptionRecord) => void) =>
  broken(({ disruptions }) => {
    damage(first(disruptions).record);
  });

/** When writes are acknowledged from the first recovery of a good record, at 2000 ms, on. */
export const acknowledgedFrom = (fromMs: number) =>
  disruption((record) => {
    const spans = [{ fromMs, toMs: fromMs + 100 }];
    record.spans = { untilMs: fromMs + 200, pods: [], acknowledged: { 'web:80': spans } };
  });

/** Ways to be wrong on the way out and on the way back, with the checks that must see each. */
export const stoppingCases: [string, string[], ProofRecord][] = [
  ['a pod has to be killed', ['R2'], ending((entry) => (entry.killed = ['web']))],
  [
    'a pod uses up its grace period, and nobody saw its end',
    ['R2'],
    ending((entry) => Object.assign(entry, { ms: 30_000, unseen: ['web'] })),
  ],
  ['a pod serves long after it is Ready', ['R3'], acknowledgedFrom(12_001)],
];
