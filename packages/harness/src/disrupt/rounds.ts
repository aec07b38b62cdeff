import { badInput, PollTimeout, type DisruptionRecord, type Moment } from '@holdfast/core';
import type { ProofRecord } from '../observe/record.ts';
import { writeMark } from './data-files.ts';
import { disrupt } from './disrupt.ts';
import { planDisruptions, type PlannedDisruption } from './plan.ts';
import type { Scene } from './scene.ts';
import { observe, placesIn, readMembers } from './snapshot.ts';

/** Told while the rounds go on. */
export interface RoundsListener {
  planned(disruption: PlannedDisruption, total: number): void;
  moment(number: number, moment: Moment): void;
  done(record: DisruptionRecord): void;
}

/**
 * Marks every place with data of its own, records who everyone is, and then disrupts, and records
 * again, until the plan is done or the pods don't come back.
 *
 * @param record is filled in as it goes, so that it holds what there was when something throws
 * @throws HoldfastError (badInput) when the sets have no pods
 */
export async function runRounds(
  scene: Scene,
  rounds: number,
  record: ProofRecord,
  listener: RoundsListener,
): Promise<void> {
  const { members } = await readMembers(scene);
  if (members.length === 0) {
    throw badInput('the StatefulSets of this release have no replicas', {
      object: scene.sets.join(', '),
      hint: 'give values with which they have at least one',
    });
  }
  for (const member of members) {
    for (const place of placesIn(scene, member)) record.marks.push(await writeMark(scene, place));
  }
  record.observations.push(await observe(scene, 0));
  const plan = planDisruptions(
    members.map(({ pod }) => pod.metadata.name),
    rounds,
  );
  record.planned = plan.length;
  for (const planned of plan) {
    listener.planned(planned, plan.length);
    const evidence = await disrupt(scene, planned, (moment) => {
      listener.moment(planned.number, moment);
    }).catch((error: unknown) => {
      if (!(error instanceof PollTimeout)) throw error;
      record.stopped = error.message;
    });
    if (evidence === undefined) return;
    record.disruptions.push(evidence);
    listener.done(evidence.record);
    if (evidence.record.recoveryMs === null || evidence.unsettled !== undefined) return;
    record.observations.push(await observe(scene, planned.number, planned.targets));
  }
}
