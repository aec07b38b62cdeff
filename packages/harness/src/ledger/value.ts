/** A prime near 2^32 divided by the golden ratio: neighbouring numbers get values far apart. */
const factor = 2_654_435_761;

/**
 * The value that is written under a number; writer.sh computes the same in the shell's arithmetic.
 *
 * @param seq counted from 1
 * @param salt tells one ledger's values from another's, below 2^32
 * @returns a number below 2^32
 */
export function valueOf(seq: number, salt: number): number {
  return (Math.imul(seq, factor) + salt) >>> 0;
}
