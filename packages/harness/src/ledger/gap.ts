import { poll, type Probe, unlessLate } from '@holdfast/core';

const limitMs = 5_000;

/**
 * A gap of a span that has only just ended: the next acknowledgement may still be on its way.
 *
 * @param ask the gap as far as it is known, null while no acknowledgement has followed
 */
export async function awaitedGap(
  ask: () => Promise<number | null>,
  signal: AbortSignal,
): Promise<number | null> {
  const probe = async (): Promise<Probe<number>> => {
    const value = await ask();
    return value === null ? { done: false, saw: 'none' } : { done: true, value };
  };
  const options = { what: 'an acknowledgement', limitMs, everyMs: 100, signal };
  return unlessLate(poll(probe, options), () => null);
}
