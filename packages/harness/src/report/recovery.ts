import { seconds, type DisruptionRecord } from '@holdfast/core';

/** How long one kind of disruption took to recover from, or writes were not acknowledged. */
export interface RecoverySummary {
  kind: string;
  /** How many of its disruptions were done. */
  count: number;
  /** Milliseconds; null when one of them had no end. */
  medianMs: number | null;
  maxMs: number | null;
  /** How long nodes were away at most, where it took any. */
  awayMs?: number;
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** One time for each disruption, by kind in the order in which the kinds first came. */
function byKind(
  disruptions: readonly DisruptionRecord[],
  timeOf: (done: DisruptionRecord) => number | null,
): RecoverySummary[] {
  const kinds = [...new Set(disruptions.map((entry) => entry.kind))];
  return kinds.map((kind) => {
    const times = disruptions.filter((entry) => entry.kind === kind).map(timeOf);
    const known = times.filter((time) => time !== null).sort((a, b) => a - b);
    const complete = known.length === times.length;
    return {
      kind,
      count: times.length,
      medianMs: complete ? Math.round(median(known)) : null,
      maxMs: complete ? (known.at(-1) ?? null) : null,
    };
  });
}

/** The recovery times by kind of disruption. */
export function recoveries(disruptions: readonly DisruptionRecord[]): RecoverySummary[] {
  return byKind(disruptions, (done) => done.recoveryMs).map((summary) => {
    const done = disruptions.filter((entry) => entry.kind === summary.kind);
    const away = done.flatMap((entry) => entry.away?.ms ?? []);
    return { ...summary, ...(away.length === 0 ? {} : { awayMs: Math.max(...away) }) };
  });
}

/**
 * The longest time without an acknowledged write of each disruption, in whichever ledger, by kind; null
 * where a ledger acknowledged nothing any more. Without ledgers there are none.
 */
export function gaps(disruptions: readonly DisruptionRecord[]): RecoverySummary[] {
  const written = disruptions.filter(({ gapMs = {} }) => Object.keys(gapMs).length > 0);
  return byKind(written, ({ gapMs = {} }) => {
    const lengths = Object.values(gapMs);
    return lengths.reduce((most, ms) => (most === null || ms === null ? null : Math.max(most, ms)));
  });
}

/** A recovery time in milliseconds as people read it: "2.9 s"; "never" for null. */
export function recoveryTime(ms: number | null): string {
  return ms === null ? 'never' : seconds(ms);
}
