import { setTimeout as delay } from 'node:timers/promises';
import { environmentError, HoldfastError, type ErrorDetails } from './errors.ts';

/** What a probe of {@link poll} answers: done with a value, or not yet and what it saw. */
export type Probe<T> = { done: true; value: T } | { done: false; saw: string };

export interface PollOptions {
  /** What is waited for, as it stands in the error: "pod web-0 to be Ready". */
  what: string;
  /** The limit in milliseconds. */
  limitMs: number;
  /** Pause between two probes in milliseconds. */
  everyMs?: number;
  signal?: AbortSignal;
}

/** Thrown by {@link poll} when the limit has passed; `saw` is the last value. */
export class PollTimeout extends HoldfastError {
  readonly saw: string;

  constructor(options: PollOptions, saw: string) {
    super({
      kind: 'internal',
      message: `waited ${options.limitMs / 1000} s for ${options.what}; last seen: ${saw}`,
    });
    this.name = 'PollTimeout';
    this.saw = saw;
  }
}

/**
 * Probes until the probe says that it is done.
 *
 * @returns the probe's value
 * @throws PollTimeout past the limit, naming it and the last value seen; whatever the probe throws;
 *   the signal's reason when it is aborted
 */
export async function poll<T>(probe: () => Promise<Probe<T>>, options: PollOptions): Promise<T> {
  const deadline = performance.now() + options.limitMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await probe();
    if (answer.done) return answer.value;
    if (performance.now() >= deadline) throw new PollTimeout(options, answer.saw);
    await delay(options.everyMs ?? 200, undefined, { signal: options.signal }).catch(
      (error: unknown) => {
        options.signal?.throwIfAborted();
        throw error;
      },
    );
  }
}

/**
 * A wait whose limit is an answer, not an error.
 *
 * @param late says by what was seen last what it answers then
 * @throws whatever the wait throws but {@link PollTimeout}
 */
export async function unlessLate<T, L>(wait: Promise<T>, late: (saw: string) => L): Promise<T | L> {
  try {
    return await wait;
  } catch (error) {
    if (error instanceof PollTimeout) return late(error.saw);
    throw error;
  }
}

/**
 * A wait for what is up to the machine: that its limit passed says nothing of a chart.
 *
 * @param message what did not come about; what was waited for and seen is put behind it
 * @throws HoldfastError (environment) where the limit passed; whatever else the wait throws
 */
export async function elseEnvironment<T>(
  wait: Promise<T>,
  message: string,
  details: Pick<ErrorDetails, 'object' | 'hint'>,
): Promise<T> {
  try {
    return await wait;
  } catch (cause) {
    if (!(cause instanceof PollTimeout)) throw cause;
    throw environmentError(`${message}: ${cause.message}`, { ...details, cause });
  }
}
