import { seconds, type DisruptionRecord } from '@holdfast/core';

/** How long one kind of disruption took to recover from. */
export interface RecoverySummary {
  kind: string;
  /** How many of its disruptions were done. */
  count: number;
  /** Milliseconds; null when one of them was not recovered from. */
  medianMs: number | null;
  maxMs: number | null;
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** The recovery times by kind of disruption, in the order in which the kinds first came. */
export function recoveries(disruptions: readonly DisruptionRecord[]): RecoverySummary[] {
  const kinds = [...new Set(disruptions.map((entry) => entry.kind))];
  return kinds.map((kind) => {
    const times = disruptions
      .filter((entry) => entry.kind === kind)
      .map((entry) => entry.recoveryMs);
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

/** A recovery time in milliseconds as people read it: "2.9 s"; "never" for null. */
export function recoveryTime(ms: number | null): string {
  return ms === null ? 'never' : seconds(ms);
}
