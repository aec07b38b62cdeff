import { helmMessage, poll, type Probe } from '@holdfast/core';
import type { Scene } from '../disrupt/scene.ts';
import { lackingAfter, readSets } from '../disrupt/settle.ts';
import { upgradeChart } from '../kube/release.ts';
import type { Outcome, UpgradeRecord } from '../observe/acts.ts';
import { ActStopped, attempt, type Stage } from './stage.ts';
import { standing } from './standing.ts';

/** Two, because a chart may change once more when it is upgraded for the first time. */
const upgrades = 2;

/** Waits until the controllers have seen what Helm has written. */
async function untilSeen({ client, namespace, sets, limits }: Scene): Promise<void> {
  await poll(
    async (): Promise<Probe<undefined>> => {
      const behind = (await readSets(client, namespace, sets)).filter(
        ({ metadata, status }) => (status.observedGeneration ?? 0) < (metadata.generation ?? 0),
      );
      if (behind.length === 0) return { done: true, value: undefined };
      return { done: false, saw: behind.map(({ metadata }) => metadata.name).join(', ') };
    },
    {
      what: 'the controllers to see the upgrade',
      limitMs: limits.recoveryMs,
      signal: client.signal,
    },
  );
}

/**
 * Upgrades the release with the values that it has, twice, and looks each time at what must not change
 * by it: templates and revisions, pods with their containers, claims with their volumes. Templates tell
 * a change before its pods do.
 */
export function upgradeAsIs({ scene, helm, spec }: Stage): Promise<Outcome<UpgradeRecord>> {
  return attempt(async () => {
    const { client, namespace, sets, limits } = scene;
    const record: UpgradeRecord = { looks: [await standing(scene)] };
    for (let upgrade = 0; upgrade < upgrades; upgrade += 1) {
      const result = await upgradeChart(helm, spec, limits.helmMs);
      if (result.exitCode !== 0) throw new ActStopped(`helm upgrade: ${helmMessage(result)}`);
      await untilSeen(scene);
      const unsettled = await lackingAfter(client, namespace, sets, limits.recoveryMs);
      record.looks.push(await standing(scene));
      if (unsettled !== undefined) return { ...record, unsettled };
    }
    return record;
  });
}
