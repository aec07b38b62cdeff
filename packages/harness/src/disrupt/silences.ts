import type { Moment, Span } from '@holdfast/core';
import type { KubeClient } from '../kube/client.ts';
import { lastKnown } from '../ledger/acknowledged.ts';
import type { RunningLedger } from '../ledger/running-ledger.ts';

/** What a disruption did to a ledger's writes; times in milliseconds since it began. */
export interface Writing {
  /** When writes were acknowledged; shorter pauses than {@link leastSilenceMs} don't interrupt that. */
  acknowledged: Span[];
  /** When acknowledgements stopped for the longest time, and when they went on. */
  moments: Moment[];
}

/** A pause that is shorter is none: a write may take that long on a busy machine. */
export const leastSilenceMs = 200;

/** Silences with less between them, in milliseconds, are one. */
const touchingMs = 1;

/** Silences that touch one another, as one. */
function joined(parts: readonly Span[]): Span[] {
  const whole: Span[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (last && part.fromMs - last.toMs <= touchingMs) last.toMs = part.toMs;
    else whole.push({ ...part });
  }
  return whole.map(({ fromMs, toMs }) => ({ fromMs: Math.round(fromMs), toMs: Math.round(toMs) }));
}

/** What lies between silences. */
function between(silences: readonly Span[], toMs: number): Span[] {
  const starts = [0, ...silences.map((silence) => silence.toMs)];
  const ends = [...silences.map((silence) => silence.fromMs), toMs];
  return starts
    .map((fromMs, index) => ({ fromMs, toMs: ends[index] ?? toMs }))
    .filter((span) => span.toMs > span.fromMs);
}

/**
 * Finds out when a ledger's writes were acknowledged since a disruption began; nothing is said of a ledger
 * whose writer can't be asked.
 *
 * @param beganMs on the clock of `performance.now()`
 * @param endMs until when they were; null where they have stopped for good
 */
export async function writingSince(
  client: KubeClient,
  ledger: RunningLedger,
  beganMs: number,
  endMs: number | null,
): Promise<Writing> {
  const last = await lastKnown(client, ledger);
  if (last === undefined) return { acknowledged: [], moments: [] };
  const stopped = (ms: number): Moment => ({ ms, object: ledger.name, event: 'last acknowledged' });
  if (last === null || last <= beganMs) return { acknowledged: [], moments: [stopped(0)] };
  const toMs = Math.min(last, endMs ?? last) - beganMs;
  const found = await ledger.silences(beganMs, beganMs + toMs, leastSilenceMs);
  const silences = joined(
    found.map((silence) => ({ fromMs: silence.fromMs - beganMs, toMs: silence.toMs - beganMs })),
  );
  const until = endMs === null ? toMs : endMs - beganMs;
  const acknowledged = between(silences, Math.round(until));
  if (endMs === null) return { acknowledged, moments: [stopped(Math.round(toMs))] };
  const [longest] = [...silences].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs));
  const moments = longest
    ? [
        stopped(longest.fromMs),
        { ms: longest.toMs, object: ledger.name, event: 'acknowledged again' },
      ]
    : [];
  return { acknowledged, moments };
}
