import type { Moment, Span } from '@holdfast/core';
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

/** How exactly the ends of a silence are found, in milliseconds. */
const exactMs = 1;

type Gap = (fromMs: number, toMs: number) => Promise<number | null>;

/**
 * The silences within a span, in their order: cut off at its ends, and found to a millisecond by
 * halving it. A part is one silence, or of one, when both its ends lie in one that is as long as the
 * longest of the part.
 */
async function silencesIn(gap: Gap, fromMs: number, toMs: number): Promise<Span[]> {
  const longest = await gap(fromMs, toMs);
  if (longest === null || longest < leastSilenceMs) return [];
  const within = toMs - fromMs <= longest + exactMs;
  if (within && (await gap(fromMs, fromMs)) === longest && (await gap(toMs, toMs)) === longest) {
    return [{ fromMs, toMs }];
  }
  if (toMs - fromMs <= exactMs) return [];
  const middle = (fromMs + toMs) / 2;
  return [...(await silencesIn(gap, fromMs, middle)), ...(await silencesIn(gap, middle, toMs))];
}

/** Parts that touch one another, as one. */
function joined(parts: readonly Span[]): Span[] {
  const whole: Span[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (last && part.fromMs - last.toMs <= exactMs) last.toMs = part.toMs;
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
 * Finds out when a ledger's writes were acknowledged since a disruption began.
 *
 * @param beganMs on the clock of `performance.now()`
 * @param endMs until when they were; null where they have stopped for good
 */
export async function writingSince(
  ledger: RunningLedger,
  beganMs: number,
  endMs: number | null,
): Promise<Writing> {
  const last = await ledger.lastAcknowledgedMs();
  const stopped = (ms: number): Moment => ({ ms, object: ledger.name, event: 'last acknowledged' });
  if (last === null || last <= beganMs) return { acknowledged: [], moments: [stopped(0)] };
  const toMs = Math.min(last, endMs ?? last) - beganMs;
  const gap: Gap = (from, to) => ledger.gap(beganMs + from, beganMs + to);
  const silences = joined(await silencesIn(gap, 0, toMs));
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
