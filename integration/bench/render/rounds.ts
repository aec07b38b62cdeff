import type { Sample } from './figures.ts';

/** A call to be measured. */
export interface Subject extends Omit<Sample, 'ms'> {
  /** What is measured. */
  call: () => Promise<unknown>;
  /** Done before each call, and not measured. */
  before?: () => Promise<unknown>;
  /** How often in a round; once unless said. */
  perRound?: number;
}

async function measure({ before, call }: Subject): Promise<number> {
  await before?.();
  const start = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function shuffled<T>(list: readonly T[]): T[] {
  const drawn = list.map((item) => ({ item, by: Math.random() }));
  return drawn.sort((a, b) => a.by - b.by).map(({ item }) => item);
}

/**
 * Measures all subjects in each round, in an order of chance: whatever else the machine does, and what
 * ran just before, falls on all of them alike. A round that is not counted goes first, for the disk's
 * cache.
 *
 * @returns the subjects as they were given, with the milliseconds of every call in the order of the
 *   rounds
 * @throws what a call throws; the signal's reason when it is aborted
 */
export async function measureRounds(
  subjects: readonly Subject[],
  rounds: number,
  signal: AbortSignal,
): Promise<Sample[]> {
  const all = subjects.map((subject) => ({ subject, ms: [] as number[] }));
  const turns = all.flatMap((one) => Array.from({ length: one.subject.perRound ?? 1 }, () => one));
  for (let round = 0; round <= rounds; round++) {
    for (const { subject, ms } of shuffled(turns)) {
      signal.throwIfAborted();
      const taken = await measure(subject);
      if (round > 0) ms.push(taken);
    }
  }
  return all.map(({ subject: { part, tool, name, chart, objects }, ms }) => ({
    ...{ part, tool, name, chart, ms },
    ...(objects !== undefined && { objects }),
  }));
}
