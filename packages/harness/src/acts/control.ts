import { poll } from '@holdfast/core';
import { pods } from '../disrupt/resources.ts';
import { settle } from '../disrupt/settle.ts';
import { readMembers } from '../disrupt/snapshot.ts';
import type { ControlRecord, Outcome } from '../observe/acts.ts';
import { writeForAWhile } from '../ledger/acknowledged.ts';
import { assertEffect } from './effect.ts';
import { besideName, withRelease } from './second.ts';
import { ActStopped, attempt, type Rendered, type Stage } from './stage.ts';

/** Deletes all pods of the sets at once, so that no member hands its data to another. */
async function replaceAll({ scene }: Rendered): Promise<void> {
  const { client, namespace, sets, limits } = scene;
  const { members } = await readMembers(scene);
  const uids = new Set(members.map(({ pod }) => pod.metadata.uid));
  for (const { pod } of members) {
    const { name, uid } = pod.metadata;
    await client.remove(pods, name, namespace, { preconditions: { uid } });
  }
  await poll(
    async () => {
      const left = (await readMembers(scene)).members.filter(({ pod }) =>
        uids.has(pod.metadata.uid),
      );
      const saw = left.map(({ pod }) => pod.metadata.name).join(', ');
      return left.length === 0 ? { done: true, value: undefined } : { done: false, saw };
    },
    { what: 'the pods to be gone', limitMs: limits.recoveryMs, signal: client.signal },
  );
  await settle(client, namespace, sets, limits.recoveryMs);
}

/**
 * Has a ledger written to a release that keeps nothing, takes its pods away and reads it back: the ledger
 * must report loss, or its silence elsewhere means nothing.
 */
export async function negativeControl(stage: Stage): Promise<Outcome<ControlRecord>> {
  const { driver, client, limits } = stage.scene;
  const without = driver?.without ?? [];
  if (without.length === 0) {
    const reason = 'the driver names no values (without) under which nothing is kept';
    return { state: 'skipped', reason };
  }
  return attempt(async () => {
    await assertEffect(stage, without, 'without');
    return withRelease(
      stage,
      { namespace: besideName(stage.scene.namespace, 'control'), set: without },
      async (release) => {
        const ledgers = await stage.startLedgers(release);
        const silent = await writeForAWhile(client, ledgers, limits.recoveryMs);
        if (silent.length > 0)
          throw new ActStopped(`${silent.join(', ')}: nothing was acknowledged`);
        await replaceAll(release);
        return { without, ledgers: await Promise.all(ledgers.map((ledger) => ledger.stop())) };
      },
    );
  });
}
