import type { Evidence, LedgerRecord, LostWrite } from '@holdfast/core';
import type { Outcome } from '../observe/acts.ts';
import { skipped, stopped, type Conclusion } from './conclude.ts';

function each(
  { name }: LedgerRecord,
  what: { count: number; first: LostWrite[] },
  after: string,
): Evidence[] {
  const shown = what.first.map(({ seq, at, disruption }): Evidence => {
    const before = at === undefined ? 'written, with no answer' : `acknowledged at ${at}`;
    return { object: `${name}, write ${seq}`, disruption, ok: false, before, after };
  });
  // A ledger may know how many there are, and none of them.
  if (shown.length > 0 || what.count === 0) return shown;
  return [{ object: name, disruption: 0, ok: false, after: `${what.count} writes ${after}` }];
}

/** "412 acknowledged, 3 without an answer, 1 refused". */
export function tallyOf(ledgers: readonly LedgerRecord[]): string {
  const sum = (key: 'acknowledged' | 'unknown' | 'failed') =>
    ledgers.reduce((total, ledger) => total + ledger[key], 0);
  const unknown = sum('unknown');
  const failed = sum('failed');
  return [
    `${sum('acknowledged')} acknowledged`,
    ...(unknown === 0 ? [] : [`${unknown} without an answer`]),
    ...(failed === 0 ? [] : [`${failed} refused`]),
  ].join(', ');
}

/** "3 lost, 1 altered, 0 foreign": what a read-back found wrong. */
export function wrongOf({ lost, altered, foreign }: LedgerRecord): string {
  return `${lost.count} lost, ${altered.count} altered, ${foreign} foreign`;
}

/**
 * What a ledger's read-back says: each acknowledged write is there with its value, no write is there
 * with another, and nothing is there that nobody wrote. A ledger without an acknowledgement has shown
 * nothing, and fails. Refused writes that are there all the same are counted, and are no failure.
 */
export function ledgerEvidence(ledger: LedgerRecord, disruption: number): Evidence[] {
  const { name, acknowledged, lost, altered, foreign, failedButThere, error } = ledger;
  const object = name;
  if (error !== undefined) return [{ object, disruption, ok: false, after: error }];
  if (acknowledged === 0) {
    const after = 'nothing was acknowledged, so nothing was shown';
    return [{ object, disruption, ok: false, after }];
  }
  const ok = lost.count === 0 && altered.count === 0 && foreign === 0;
  const refused = failedButThere === 0 ? '' : `; ${failedButThere} refused, and there`;
  const after = `${wrongOf(ledger)}${refused}`;
  return [
    { object, disruption, ok, before: tallyOf([ledger]), after },
    ...each(ledger, lost, 'absent'),
    ...each(ledger, altered, 'there with another value'),
  ];
}

/** Concludes from what came of an act; one that did not come to its end fails. */
export function fromOutcome<T>(
  outcome: Outcome<T> | undefined,
  act: string,
  conclude: (seen: T) => Conclusion,
): Conclusion {
  switch (outcome?.state) {
    case undefined:
      return skipped(`${act} was not tried`);
    case 'skipped':
      return skipped(outcome.reason);
    case 'stopped':
      return stopped(act, outcome.reason);
    case 'done':
      return conclude(outcome.seen);
  }
}
