import { HoldfastError } from '@holdfast/core';

/**
 * Asks something of a pod that may be out of reach, as while its node restarts.
 *
 * @returns the answer; undefined where nobody could be asked
 * @throws the signal's reason when it is aborted, and errors that are no failures
 */
export async function ifInReach<T>(
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HoldfastError)) throw error;
    return undefined;
  }
}
