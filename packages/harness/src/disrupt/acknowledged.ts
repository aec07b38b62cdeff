import { seconds, type Moment, type Span } from '@holdfast/core';
import { acknowledgedSince } from '../ledger/acknowledged.ts';
import type { Scene } from './scene.ts';
import { writingSince } from './silences.ts';

/** How the writes went while a disruption went on. */
export interface Writes {
  /** When it was all known, on the clock of `performance.now()`. */
  endMs: number;
  /** For each ledger its longest time without an acknowledgement, in milliseconds. */
  gapMs: Record<string, number | null>;
  /** For each ledger when writes were acknowledged, in milliseconds since the disruption began. */
  acknowledged: Record<string, Span[]>;
  /** When acknowledgements stopped, and when they went on. */
  moments: Moment[];
  /** The ledgers that acknowledged nothing within the limit; undefined where none is. */
  silent?: string;
}

/**
 * Waits until every ledger has acknowledged a write that is newer than the recovery, and says how long
 * each was without one.
 *
 * @param beganMs when the disruption began
 * @param recoveredMs when all was back; null where it is not, and nothing is waited for
 */
export async function writesSince(
  { ledgers = [], limits, client }: Scene,
  beganMs: number,
  recoveredMs: number | null,
): Promise<Writes | undefined> {
  if (ledgers.length === 0) return undefined;
  const { recoveryMs } = limits;
  const quiet =
    recoveredMs === null
      ? []
      : await Promise.all(
          ledgers.map(
            async (ledger) =>
              (await acknowledgedSince(client, ledger, recoveredMs, recoveryMs)) === null,
          ),
        );
  const until = recoveredMs ?? performance.now();
  const known = await Promise.all(
    ledgers.map(async (ledger, index) => {
      const gapMs = quiet[index] === true ? null : await ledger.gap(beganMs, until);
      return { ledger, gapMs };
    }),
  );
  const endMs = performance.now();
  const seen = await Promise.all(
    known.map(async ({ ledger, gapMs }) => {
      const writing = await writingSince(client, ledger, beganMs, gapMs === null ? null : endMs);
      return { name: ledger.name, gapMs, ...writing };
    }),
  );
  const writes = {
    endMs,
    gapMs: Object.fromEntries(seen.map(({ name, gapMs }) => [name, gapMs])),
    acknowledged: Object.fromEntries(seen.map(({ name, acknowledged }) => [name, acknowledged])),
    moments: seen.flatMap(({ moments }) => moments),
  };
  const names = ledgers.filter((_, index) => quiet[index] === true).map(({ name }) => name);
  if (names.length === 0) return writes;
  const silent = `${names.join(', ')}: no write acknowledged within ${seconds(recoveryMs)} of the recovery`;
  return { ...writes, silent };
}
