import {
  badInput,
  seconds,
  type DisruptionRecord,
  type Moment,
  type NotDone,
} from '@holdfast/core';
import { untilWritten } from '../ledger/acknowledged.ts';
import { ordinalOf } from '../observe/identity.ts';
import type { ProofRecord } from '../observe/record.ts';
import { aimAt } from './aim.ts';
import { writeMark } from './data-files.ts';
import { disrupt, type WatchHolders } from './disrupt.ts';
import { planDisruptions, type Course, type Plan, type PlannedDisruption } from './plan.ts';
import type { Scene } from './scene.ts';
import { lackingAfter } from './settle.ts';
import { observe, placesIn, readMembers, type Member } from './snapshot.ts';

/** Told while the rounds go on. */
export interface RoundsListener {
  /** What will be done, before the first of it. */
  plan(total: number, notDone: readonly NotDone[]): void;
  planned(disruption: PlannedDisruption, targets: readonly string[], total: number): void;
  moment(number: number, moment: Moment): void;
  notDone(entry: NotDone): void;
  done(record: DisruptionRecord): void;
}

/** The names of the sets' pods, set by set, in the order of their ordinals. */
function namesBySet(scene: Scene, members: readonly Member[]): string[][] {
  const names = (set: string) =>
    members
      .filter((member) => member.set.name === set)
      .map(({ pod }) => pod.metadata.name)
      .sort((a, b) => ordinalOf(a) - ordinalOf(b));
  return scene.sets.map(names).filter((list) => list.length > 0);
}

/** @throws HoldfastError (badInput) where nothing of what is wanted can be done */
function assertSomething({ disruptions, notDone }: Plan): void {
  if (disruptions.length > 0) return;
  throw badInput('no disruption that was asked for can be done', {
    object: notDone.map(({ kind }) => kind).join(', '),
    hint: notDone.map(({ kind, reason }) => `${kind}: ${reason}`).join('; '),
  });
}

/** Does one disruption of the plan; answers whether the next one may follow. */
export async function doPlanned(
  scene: Scene,
  planned: PlannedDisruption,
  record: ProofRecord,
  listener: RoundsListener,
  watchHolders: WatchHolders | undefined,
): Promise<boolean> {
  const { kind, number, pods } = planned;
  const skip = (reason: string, targets: readonly string[]) => {
    const entry = { kind: kind.title, reason, number, targets: [...targets] };
    record.notDone.push(entry);
    listener.notDone(entry);
    return true;
  };
  const members = (await readMembers(scene)).members.map(({ pod }) => pod);
  const aimed = aimAt(planned, members, scene.control);
  if (typeof aimed === 'string') return skip(aimed, pods);
  listener.planned(planned, aimed.targets, record.planned);
  const onMoment = (moment: Moment) => {
    listener.moment(number, moment);
  };
  const { client, namespace, sets, limits } = scene;
  const lacking = await lackingAfter(client, namespace, sets, limits.recoveryMs);
  if (lacking !== undefined) {
    record.stopped = `not all pods were Ready within ${seconds(limits.recoveryMs)}: ${lacking}`;
    return false;
  }
  const done = await disrupt(scene, planned, aimed, onMoment, watchHolders);
  if ('refused' in done) return skip(done.refused, aimed.targets);
  const { evidence } = done;
  record.disruptions.push(evidence);
  listener.done(evidence.record);
  if (evidence.record.recoveryMs === null || evidence.unsettled !== undefined) return false;
  record.observations.push(await observe(scene, number, evidence.record.targets));
  return true;
}

/**
 * Marks every place with data of its own, records who everyone is, waits for the ledgers' first
 * acknowledgements, and then disrupts, and records again, until the plan is done or the pods don't come back.
 *
 * @param record is filled in as it goes, so that it holds what there was when something throws
 * @param watchHolders is asked to look on while a pod is deleted by force
 * @throws HoldfastError (badInput) when the sets have no pods, or nothing of what is wanted can be done
 */
export async function runRounds(
  scene: Scene,
  course: Course,
  record: ProofRecord,
  listener: RoundsListener,
  watchHolders?: WatchHolders,
): Promise<void> {
  const { members } = await readMembers(scene);
  if (members.length === 0) {
    throw badInput('the StatefulSets of this release have no replicas', {
      object: scene.sets.join(', '),
      hint: 'give values with which they have at least one',
    });
  }
  const sets = namesBySet(scene, members);
  const plan = planDisruptions(course, { sets, agents: scene.control?.agents });
  assertSomething(plan);
  record.notDone.push(...plan.notDone);
  record.planned = plan.disruptions.length;
  for (const member of members) {
    for (const place of placesIn(scene, member)) record.marks.push(await writeMark(scene, place));
  }
  record.observations.push(await observe(scene, 0));
  // One that acknowledges nothing is no reason not to go on; it fails its check.
  await untilWritten(scene.client, scene.ledgers ?? [], scene.limits.recoveryMs);
  listener.plan(record.planned, plan.notDone);
  for (const planned of plan.disruptions) {
    if (!(await doPlanned(scene, planned, record, listener, watchHolders))) return;
  }
}
