import { setTimeout as delay } from 'node:timers/promises';

/**
 * Lets a state last that is itself the disruption, such as a node that is away. It stands for no
 * condition.
 *
 * @throws the signal's reason when it is aborted
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
