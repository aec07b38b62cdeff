import { HoldfastError, poll, type Probe, unlessLate } from '@holdfast/core';
import type { KubeClient } from '../kube/client.ts';
import type { RunningLedger } from './running-ledger.ts';

/** When a ledger had an acknowledgement last; null also where its writer can't be asked at the moment. */
async function lastOf(client: KubeClient, ledger: RunningLedger): Promise<number | null> {
  try {
    return await ledger.lastAcknowledgedMs();
  } catch (error) {
    client.signal.throwIfAborted();
    if (!(error instanceof HoldfastError)) throw error;
    return null;
  }
}

async function timed<T>(
  { signal }: KubeClient,
  what: string,
  limitMs: number,
  probe: () => Promise<Probe<T>>,
): Promise<T | null> {
  return unlessLate(poll(probe, { what, limitMs, everyMs: 100, signal }), () => null);
}

/**
 * Waits for an acknowledgement after a time, on the clock of `performance.now()`.
 *
 * @returns when the last one was that was seen first; null: none came within the limit
 */
export async function acknowledgedSince(
  client: KubeClient,
  ledger: RunningLedger,
  sinceMs: number,
  limitMs: number,
): Promise<number | null> {
  return timed(client, `an acknowledgement of ${ledger.name}`, limitMs, async () => {
    const last = await lastOf(client, ledger);
    if (last !== null && last > sinceMs) return { done: true, value: last };
    return { done: false, saw: `the last was at ${last ?? 'no time'}` };
  });
}

/**
 * Waits until a ledger has had no acknowledgement for a time.
 *
 * @param sinceMs what was before does not count
 * @returns when the last one was; `sinceMs` where there was none since; null: it never was silent
 */
export async function silentSince(
  client: KubeClient,
  ledger: RunningLedger,
  sinceMs: number,
  silenceMs: number,
  limitMs: number,
): Promise<number | null> {
  return timed(client, `${ledger.name} to be silent`, limitMs, async () => {
    const last = Math.max(sinceMs, (await lastOf(client, ledger)) ?? sinceMs);
    const quiet = performance.now() - last;
    if (quiet >= silenceMs) return { done: true, value: last };
    return { done: false, saw: `acknowledged ${Math.round(quiet)} ms ago` };
  });
}

/** How long ledgers are written at least, in milliseconds, where nothing else takes time: some hundred writes. */
const writtenMs = 2_000;

/**
 * Lets ledgers be written for a while; one that is never acknowledged is given up when the limit has passed.
 *
 * @returns the names of those without an acknowledgement
 */
export async function writeForAWhile(
  client: KubeClient,
  ledgers: readonly RunningLedger[],
  limitMs: number,
): Promise<string[]> {
  const silent = await Promise.all(
    ledgers.map(async (ledger) => {
      const first = await acknowledgedSince(client, ledger, -Infinity, limitMs);
      if (first === null) return [ledger.name];
      await acknowledgedSince(client, ledger, first + writtenMs, limitMs);
      return [];
    }),
  );
  return silent.flat();
}
