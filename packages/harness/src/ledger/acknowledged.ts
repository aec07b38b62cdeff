import { poll, type Probe, unlessLate } from '@holdfast/core';
import type { KubeClient } from '../kube/client.ts';
import { ifInReach } from './in-reach.ts';
import type { RunningLedger } from './running-ledger.ts';

/**
 * When a ledger had an acknowledgement last; null: it had none.
 *
 * @returns undefined where its writer can't be asked at the moment, so that nobody knows
 */
export async function lastKnown(
  { signal }: KubeClient,
  ledger: RunningLedger,
): Promise<number | null | undefined> {
  return ifInReach(signal, () => ledger.lastAcknowledgedMs());
}

const outOfReach = 'its writer is out of reach';

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
    const last = await lastKnown(client, ledger);
    if (last === undefined) return { done: false, saw: outOfReach };
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
    // What is acknowledged while it is asked is none of the silence before.
    const asked = performance.now();
    const known = await lastKnown(client, ledger);
    if (known === undefined) return { done: false, saw: outOfReach };
    const last = Math.max(sinceMs, known ?? sinceMs);
    const quiet = asked - last;
    if (quiet >= silenceMs) return { done: true, value: last };
    return { done: false, saw: `acknowledged ${Math.round(quiet)} ms ago` };
  });
}

/**
 * Waits until every ledger has acknowledged a write: a loss can only be seen of what was acknowledged
 * before. One that does not is given up when the limit has passed.
 *
 * @returns the names of those without an acknowledgement
 */
export async function untilWritten(
  client: KubeClient,
  ledgers: readonly RunningLedger[],
  limitMs: number,
): Promise<string[]> {
  const first = await Promise.all(
    ledgers.map((ledger) => acknowledgedSince(client, ledger, -Infinity, limitMs)),
  );
  return ledgers.filter((_, index) => first[index] === null).map(({ name }) => name);
}

/** How long ledgers are written at least, in milliseconds, where nothing else takes time: some hundred writes. */
const writtenMs = 2_000;

/** As {@link untilWritten}, and lets them be written for a while from then on. */
export async function writeForAWhile(
  client: KubeClient,
  ledgers: readonly RunningLedger[],
  limitMs: number,
): Promise<string[]> {
  const silent = await untilWritten(client, ledgers, limitMs);
  const since = performance.now() + writtenMs;
  const written = ledgers.filter(({ name }) => !silent.includes(name));
  await Promise.all(written.map((ledger) => acknowledgedSince(client, ledger, since, limitMs)));
  return silent;
}
