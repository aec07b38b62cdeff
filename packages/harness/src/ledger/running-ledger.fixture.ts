import { poll } from '@holdfast/core';
import type { RunningLedger } from './running-ledger.ts';

/** Long enough for a busy machine, and never waited for when all is well. */
const limitMs = 15_000;

/** Waits for another acknowledgement, after now; gives its time. */
export async function nextAcknowledged(ledger: RunningLedger): Promise<number> {
  const now = performance.now();
  // Times are rounded: the last one may lie a little ahead.
  const since = Math.max(now, (await ledger.lastAcknowledgedMs()) ?? now);
  return poll(
    async () => {
      const last = await ledger.lastAcknowledgedMs();
      return last !== null && last > since
        ? { done: true, value: last }
        : { done: false, saw: String(last) };
    },
    { what: 'an acknowledgement', limitMs, everyMs: 5 },
  );
}

/** Waits until nothing has been acknowledged for longer than that. */
export async function untilSilent(ledger: RunningLedger, longerThanMs: number): Promise<void> {
  await poll(
    async () => {
      const silent = performance.now() - ((await ledger.lastAcknowledgedMs()) ?? 0);
      return silent > longerThanMs
        ? { done: true, value: undefined }
        : { done: false, saw: String(silent) };
    },
    { what: 'a silence', limitMs, everyMs: 20 },
  );
}

/** What is in the record of a ledger of which everything is there. */
export const fine = {
  lost: { count: 0, first: [] },
  altered: { count: 0, first: [] },
  foreign: 0,
};
