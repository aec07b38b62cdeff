import { expect } from 'chai';
import fc from 'fast-check';
import type { WriteKind } from './protocol.ts';
import { newTally, type Tally } from './tally.ts';
import { valueOf } from './value.ts';

const salt = 77;
const kind = fc.constantFrom<WriteKind[]>('acknowledged', 'failed', 'unknown');

interface Write {
  kind: WriteKind;
  /** Milliseconds since the former write. */
  after: number;
  /** What is read back under its number. */
  there: 'right' | 'wrong' | 'no';
}

const write: fc.Arbitrary<Write> = fc.record({
  kind,
  after: fc.integer({ min: 0, max: 5_000 }),
  there: fc.constantFrom('right', 'wrong', 'no'),
});
const history = fc.array(write, { maxLength: 60 });

function timesOf(writes: readonly Write[]): number[] {
  let now = 1_000;
  return writes.map(({ after }) => (now += after));
}

function tallied(writes: readonly Write[], offset = 0): Tally {
  const tally = newTally(salt, () => offset);
  const times = timesOf(writes);
  writes.forEach((entry, index) => {
    tally.note(index + 1, entry.kind, times[index] ?? 0);
  });
  return tally;
}

function readAll(tally: Tally, writes: readonly Write[]): void {
  tally.beginRead();
  writes.forEach(({ there }, index) => {
    const right = valueOf(index + 1, salt);
    if (there !== 'no') tally.read(index + 1, there === 'right' ? right : right + 1);
  });
  tally.endRead();
}

const acked = (count: number): Write[] =>
  Array.from({ length: count }, () => ({ kind: 'acknowledged', after: 10, there: 'right' }));

describe('a tally', () => {
  it('finds exactly what is lost, altered, and there though it was refused', () => {
    fc.assert(
      fc.property(history, (writes) => {
        const tally = tallied(writes);
        readAll(tally, writes);
        const count = (holds: (entry: Write) => boolean) => writes.filter(holds).length;
        const numbers = (holds: (entry: Write) => boolean) =>
          writes.flatMap((entry, index) => (holds(entry) ? [index + 1] : [])).slice(0, 10);
        const isLost = (w: Write) => w.kind === 'acknowledged' && w.there === 'no';
        const isAltered = (w: Write) => w.there === 'wrong';
        const { lost, altered, ...rest } = tally.record();
        expect(rest).to.deep.include({
          acknowledged: count((w) => w.kind === 'acknowledged'),
          failed: count((w) => w.kind === 'failed'),
          unknown: count((w) => w.kind === 'unknown'),
          failedButThere: count((w) => w.kind === 'failed' && w.there !== 'no'),
          foreign: 0,
        });
        expect([lost.count, altered.count]).to.eql([count(isLost), count(isAltered)]);
        expect(lost.first.map(({ seq }) => seq)).to.eql(numbers(isLost));
        expect(altered.first.map(({ seq }) => seq)).to.eql(numbers(isAltered));
      }),
    );
  });

  it('has the gap that a list of all acknowledgements gives', () => {
    const span = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(
        history,
        span,
        span,
        fc.integer({ min: -5_000, max: 5_000 }),
        (writes, a, b, offset) => {
          const [from, to] = a < b ? [a, b] : [b, a];
          const times = timesOf(writes).map((time) => time + offset);
          const acks = times.filter((_, index) => writes[index]?.kind === 'acknowledged');
          const [first, last] = [acks.at(0), acks.at(-1)];
          const gaps = acks.slice(1).flatMap((time, index) => {
            const before = acks[index] ?? 0;
            return before <= to && time >= from ? [time - before] : [];
          });
          const known = first !== undefined && first <= from && last !== undefined && last >= to;
          const expected = known ? Math.max(0, ...gaps) : null;
          expect(tallied(writes, offset).gap(from, to)).to.equal(expected);
        },
      ),
    );
  });

  it('remembers what an earlier reading lacked, and forgets a reading that was broken off', () => {
    const tally = tallied(acked(4));
    tally.beginRead();
    for (const seq of [1, 2, 4]) tally.read(seq, valueOf(seq, salt));
    tally.endRead();
    readAll(tally, acked(4));
    expect(tally.record().lost).to.deep.include({ count: 1 });
    const other = tallied(acked(4));
    other.beginRead();
    readAll(other, acked(4));
    expect(other.record().lost.count).to.equal(0);
  });

  it('counts what nobody wrote, near and far', () => {
    const tally = tallied(acked(2));
    tally.beginRead();
    for (const seq of [0, 1, 2, 3, 4, 10 ** 12]) tally.read(seq, valueOf(seq, salt));
    tally.endRead();
    // 0, 3, 4 and the one far beyond were never attempted.
    expect(tally.record().foreign).to.equal(4);
    // A reading that finds none does not take that back.
    readAll(tally, acked(2));
    expect(tally.record().foreign).to.equal(4);
  });

  it('says when a lost write was acknowledged, and after which disruption', () => {
    const offset = 500;
    const tally = tallied(acked(4), offset);
    tally.mark(1, 1_015 + offset);
    tally.mark(2, 1_030 + offset);
    tally.note(5, 'unknown', 1_050);
    tally.beginRead();
    tally.read(5, 1);
    tally.endRead();
    const { lost, altered } = tally.record();
    expect(lost.first.map(({ disruption }) => disruption)).to.eql([0, 1, 2, 2]);
    const at = new Date(performance.timeOrigin + 1_010 + offset).toISOString();
    expect(lost.first[0]?.at).to.equal(at);
    expect(altered.first).to.eql([{ seq: 5, disruption: 2 }]);
  });

  it('an unread copy knows the same writes, and nothing of what was read', () => {
    fc.assert(
      fc.property(history, (writes) => {
        const tally = tallied(writes, 250);
        tally.mark(1, 1_500);
        const there = writes.map((entry): Write => ({ ...entry, there: 'right' }));
        readAll(tally, there);
        const copy = tally.unread();
        readAll(copy, writes);
        const fresh = tallied(writes, 250);
        fresh.mark(1, 1_500);
        readAll(fresh, writes);
        expect(copy.record()).to.eql(fresh.record());
        expect(tally.record().lost.count).to.equal(0);
      }),
    );
  });

  it('takes no write twice, and none out of order', () => {
    const tally = tallied(acked(2));
    for (const seq of [1, 2, 4])
      expect(() => {
        tally.note(seq, 'failed', 0);
      }).to.throw('after 2');
  });

  it('has the silences between acknowledgements, cut off at the ends of a span', () => {
    const tally = newTally(salt);
    for (const [index, [made, time]] of (
      [
        ['failed', 0],
        ['failed', 300],
        ['acknowledged', 1_000],
        ['acknowledged', 1_100],
        ['acknowledged', 2_000],
        ['unknown', 2_100],
        ['acknowledged', 2_500],
      ] as const
    ).entries()) {
      tally.note(index + 1, made, time);
    }
    const spans = (from: number, to: number, least: number) =>
      tally.silences(from, to, least).map(({ fromMs, toMs }) => [fromMs, toMs]);
    const all = [
      [0, 1_000],
      [1_100, 2_000],
      [2_000, 2_500],
    ];
    expect(spans(0, 2_500, 200)).to.eql(all);
    expect(spans(0, 2_500, 501)).to.eql(all.slice(0, 2));
    // What counts is the whole, of which the span may hold a part.
    expect(spans(900, 1_200, 900)).to.eql([
      [900, 1_000],
      [1_100, 1_200],
    ]);
    expect(spans(1_000, 1_100, 100)).to.eql([[1_000, 1_100]]);
  });

  it('times never run backwards', () => {
    const tally = newTally(salt);
    for (const [seq, time] of [
      [1, 1_000],
      [2, 2_000],
      [3, 500],
    ] as const)
      tally.note(seq, 'acknowledged', time);
    expect(tally.lastAcknowledgedMs).to.equal(2_000);
    expect(tally.gap(1_000, 2_000)).to.equal(1_000);
  });

  it('has no gap of a span that no acknowledgement precedes', () => {
    const tally = newTally(salt);
    tally.note(1, 'failed', 1_000);
    tally.note(2, 'acknowledged', 2_000);
    tally.note(3, 'acknowledged', 2_500);
    expect(tally.gap(1_500, 2_500)).to.equal(null);
    expect(tally.gap(2_000, 2_500)).to.equal(500);
  });

  it('has nothing to say before the first acknowledgement', () => {
    const tally = newTally(salt);
    expect([tally.lastAcknowledgedMs, tally.gap(0, 1)]).to.eql([null, null]);
    expect(tally.record()).to.deep.include({ acknowledged: 0, durationMs: 0 });
  });

  it('holds a long proof', () => {
    const tally = newTally(salt);
    const count = 300_000;
    for (let seq = 1; seq <= count; seq += 1) tally.note(seq, 'acknowledged', seq * 5);
    tally.beginRead();
    for (let seq = 1; seq <= count; seq += 1)
      if (seq !== 123_456) tally.read(seq, valueOf(seq, salt));
    tally.endRead();
    const { lost, acknowledged, durationMs } = tally.record();
    expect([acknowledged, lost.count, lost.first[0]?.seq]).to.eql([count, 1, 123_456]);
    expect(durationMs).to.equal((count - 1) * 5);
  });
});
