import { closestMatch } from 'leven';

/**
 * A hint that names what was probably meant: `did you mean "replicas"?`; without a near match the
 * known names themselves, in their order.
 *
 * @returns undefined when nothing is known
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const maxDistance = Math.max(2, Math.floor(word.length / 3));
  const near = closestMatch(word, [...known], { maxDistance });
  if (near !== undefined) return `did you mean "${near}"?`;
  return `known here: ${known.join(', ')}`;
}
