import { poll, type Probe, unlessLate } from '@holdfast/core';
import type { Aim } from '../observe/target.ts';
import { confirmBack } from './confirm.ts';
import type { Scene } from './scene.ts';
import { lackingAfter } from './settle.ts';

/** What is waited at least for something that should be there already. */
const leastMs = 5_000;

/** Waits for what a watch tells; where it does not come by the limit, the timeline shows that. */
export async function waitUntil(
  { client }: Scene,
  isSo: () => boolean,
  limitMs: number,
): Promise<void> {
  const probe = (): Promise<Probe<undefined>> =>
    Promise.resolve(isSo() ? { done: true, value: undefined } : { done: false, saw: 'not yet' });
  const options = { what: 'the watch', limitMs, everyMs: 50, signal: client.signal };
  await unlessLate(poll(probe, options), () => undefined);
}

/** What the pods still lack within what is left of the limit; undefined: nothing. */
export async function unsettled(
  scene: Scene,
  aims: Readonly<Record<string, Aim>>,
  leftMs: number,
): Promise<string | undefined> {
  const { client, namespace, sets } = scene;
  const limitMs = Math.max(leftMs, leastMs);
  const awaited = Object.entries(aims).map(([name, aim]) => ({ namespace, name, aim }));
  const saw = await confirmBack(scene, awaited, limitMs);
  return saw ?? lackingAfter(client, namespace, sets, limitMs);
}
