import { createHash } from 'node:crypto';

/** Numbers from 0 up to, and without, 1. */
export type Random = () => number;

/** The greatest seed. */
export const maxSeed = 0xffff_ffff;

/** A source of numbers that is the same for the same seed on every machine. */
export function seededRandom(seed: number): Random {
  let drawn = 0;
  return () => {
    const digest = createHash('sha256').update(`${seed} ${drawn}`).digest();
    drawn += 1;
    return digest.readUInt32BE() / 2 ** 32;
  };
}

/** One of several, each as likely as the others; undefined where there is none. */
export function pick<T>(random: Random, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}
