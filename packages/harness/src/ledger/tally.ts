import { HoldfastError, type LedgerRecord, type LostWrite, type Span } from '@holdfast/core';
import type { WriteKind } from './protocol.ts';
import { valueOf } from './value.ts';

/** What becomes of a ledger's writes, and what was read back of them. Memory: 5 bytes for each write. */
export interface Tally {
  /** How many writes were attempted. */
  readonly attempted: number;
  /** When the last write was acknowledged, by this process' clock; null: none was. */
  readonly lastAcknowledgedMs: number | null;
  /** Takes down the next write; times never run backwards, so an earlier one counts as the last. */
  note(seq: number, kind: WriteKind, atMs: number): void;
  /** A disruption begins, by this process' clock. */
  mark(disruption: number, atMs: number): void;
  /**
   * The longest time without an acknowledgement that touches a span, in milliseconds; null where none
   * came before it, or none at its end or after it. Span and result by this process' clock.
   */
  gap(fromMs: number, toMs: number): number | null;
  /**
   * The times without an acknowledgement within a span that are, seen as a whole, at least so long, in
   * their order: cut off at its ends. They are counted from the first attempt.
   */
  silences(fromMs: number, toMs: number, leastMs: number): Span[];
  /** Begins to read back: whatever is acknowledged must come. */
  beginRead(): void;
  /** Takes down an entry that is there. */
  read(seq: number, value: number): void;
  /** Nothing more is there. */
  endRead(): void;
  record(): Omit<LedgerRecord, 'name' | 'error' | 'reached'>;
  /** The same writes, of which nothing is read back yet. */
  unread(): Tally;
}

const bits: Readonly<Record<WriteKind, number>> = { acknowledged: 1, failed: 2, unknown: 3 };
const names: Readonly<Record<number, WriteKind>> = { 1: 'acknowledged', 2: 'failed', 3: 'unknown' };
const [kindBits, present, altered, lost] = [3, 4, 8, 16];
const shown = 10;

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs;
}

function grown<T extends Uint8Array | Uint32Array>(
  array: T,
  length: number,
  make: (n: number) => T,
): T {
  if (length <= array.length) return array;
  const larger = make(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

/**
 * An empty tally.
 *
 * @param salt of the values
 * @param offsetMs what is added to the times of {@link Tally.note} to have this process' clock; it may
 *   become more precise with time
 */
export function newTally(salt: number, offsetMs: () => number = () => 0): Tally {
  let states = new Uint8Array(4_096);
  let times = new Uint32Array(4_096);
  let epoch = 0;
  let attempted = 0;
  let firstAcknowledged = 0;
  let lastAcknowledged = 0;
  const marks: { disruption: number; atMs: number }[] = [];
  let foreignNow = 0;
  let foreign = 0;

  const state = (seq: number) => states[seq] ?? 0;
  const kindOf = (seq: number) => state(seq) & kindBits;
  const set = (seq: number, bit: number) => {
    states = grown(states, seq + 1, (n) => new Uint8Array(n));
    states[seq] = state(seq) | bit;
  };
  const timeOf = (seq: number) => epoch + (times[seq] ?? 0) + offsetMs();

  /** The times between two acknowledgements, one right after the other, that touch a span; the last one first. */
  function* pauses(fromMs: number, toMs: number): Generator<Span> {
    let next = lastAcknowledged;
    for (let seq = next - 1; seq >= 0 && timeOf(next) >= fromMs; seq -= 1) {
      // The first attempt counts whatever became of it: writes might have been acknowledged since.
      if (seq > 1 && kindOf(seq) !== bits.acknowledged) continue;
      if (timeOf(seq) <= toMs) yield { fromMs: timeOf(seq), toMs: timeOf(next) };
      next = seq;
    }
  }

  function describe(seq: number): LostWrite {
    const atMs = timeOf(seq);
    const disruption = marks.findLast((mark) => mark.atMs <= atMs)?.disruption ?? 0;
    if (kindOf(seq) !== bits.acknowledged) return { seq, disruption };
    return { seq, at: new Date(performance.timeOrigin + atMs).toISOString(), disruption };
  }

  return {
    get attempted() {
      return attempted;
    },
    get lastAcknowledgedMs() {
      return lastAcknowledged === 0 ? null : timeOf(lastAcknowledged);
    },
    note(seq, kind, atMs) {
      if (seq !== attempted + 1) {
        const message = `the writer told of write ${seq} after ${attempted}`;
        throw new HoldfastError({ kind: 'internal', message });
      }
      if (seq === 1) epoch = atMs;
      times = grown(times, seq + 1, (n) => new Uint32Array(n));
      times[seq] = Math.max(times[attempted] ?? 0, Math.round(atMs - epoch));
      set(seq, bits[kind]);
      attempted = seq;
      if (kind !== 'acknowledged') return;
      if (firstAcknowledged === 0) firstAcknowledged = seq;
      lastAcknowledged = seq;
    },
    mark(disruption, atMs) {
      marks.push({ disruption, atMs });
    },
    gap(fromMs, toMs) {
      if (lastAcknowledged === 0 || timeOf(lastAcknowledged) < toMs) return null;
      const firstMs = timeOf(firstAcknowledged);
      if (firstMs > fromMs) return null;
      let longest = 0;
      for (const pause of pauses(fromMs, toMs)) {
        if (pause.fromMs >= firstMs) longest = Math.max(longest, lengthOf(pause));
      }
      return Math.round(longest);
    },
    silences(fromMs, toMs, leastMs) {
      return [...pauses(fromMs, toMs)]
        .filter((pause) => Math.round(lengthOf(pause)) >= leastMs)
        .map((pause) => ({
          fromMs: Math.max(pause.fromMs, fromMs),
          toMs: Math.min(pause.toMs, toMs),
        }))
        .filter((pause) => lengthOf(pause) > 0)
        .reverse();
    },
    beginRead() {
      for (let seq = 1; seq <= attempted; seq += 1) states[seq] = state(seq) & ~present;
      foreignNow = 0;
    },
    read(seq, value) {
      if (seq < 1 || seq > attempted) foreignNow += 1;
      else set(seq, value === valueOf(seq, salt) ? present : present | altered);
    },
    endRead() {
      for (let seq = 1; seq <= attempted; seq += 1) {
        if (kindOf(seq) === bits.acknowledged && (state(seq) & present) === 0) set(seq, lost);
      }
      foreign = Math.max(foreign, foreignNow);
    },
    unread() {
      const other = newTally(salt, offsetMs);
      for (let seq = 1; seq <= attempted; seq += 1) {
        other.note(seq, names[kindOf(seq)] ?? 'unknown', epoch + (times[seq] ?? 0));
      }
      for (const { disruption, atMs } of marks) other.mark(disruption, atMs);
      return other;
    },
    record() {
      const count = { acknowledged: 0, failed: 0, unknown: 0, failedButThere: 0 };
      const found = {
        lost: { count: 0, first: [] as LostWrite[] },
        altered: { count: 0, first: [] as LostWrite[] },
      };
      for (let seq = 1; seq <= attempted; seq += 1) {
        const kind = kindOf(seq);
        if (kind === bits.acknowledged) count.acknowledged += 1;
        else if (kind === bits.failed) count.failed += 1;
        else count.unknown += 1;
        if (kind === bits.failed && (state(seq) & present) !== 0) count.failedButThere += 1;
        for (const [name, bit] of [
          ['lost', lost],
          ['altered', altered],
        ] as const) {
          if ((state(seq) & bit) === 0) continue;
          found[name].count += 1;
          if (found[name].first.length < shown) found[name].first.push(describe(seq));
        }
      }
      const durationMs = attempted === 0 ? 0 : timeOf(attempted) - timeOf(1);
      return { ...count, durationMs: Math.round(durationMs), ...found, foreign };
    },
  };
}
