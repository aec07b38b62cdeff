import { poll, type Probe } from '@holdfast/core';
import { claims, pods } from '../disrupt/resources.ts';
import type { Scene } from '../disrupt/scene.ts';
import { settle } from '../disrupt/settle.ts';
import { editObject } from '../kube/edit.ts';
import { ApiFailure } from '../kube/failure.ts';
import type { Resource } from '../kube/resource.ts';
import type { OrphanRecord, Outcome, OwnedPod } from '../observe/acts.ts';
import { expectedPods, setRecord } from '../observe/identity.ts';
import type { Pod, StatefulSet } from '../observe/objects.ts';
import { fresh, ownedPod, releasingLabel } from '../observe/owned.ts';
import { ActStopped, attempt, type Stage } from './stage.ts';

type WholeSet = StatefulSet & {
  spec: { selector?: { matchLabels?: Record<string, string> } };
  [field: string]: unknown;
};

const wholeSets: Resource<WholeSet> = {
  base: '/apis/apps/v1',
  plural: 'statefulsets',
  namespaced: true,
};

/** The pods of these names as they are now; those that are not there are left out. */
async function ownedPods(scene: Scene, names: readonly string[]): Promise<OwnedPod[]> {
  const { client, namespace } = scene;
  const claimList = (await client.list(claims, namespace)).items;
  const podList = (await client.list(pods, namespace)).items;
  return names.flatMap((name) => {
    const pod = podList.find(({ metadata }) => metadata.name === name);
    return pod ? [ownedPod(pod, claimList)] : [];
  });
}

/** Waits, within the limit of a recovery, until a question is answered with yes. */
async function until(
  { client, limits }: Scene,
  what: string,
  probe: () => Promise<Probe<undefined>>,
): Promise<void> {
  await poll(probe, { what, limitMs: limits.recoveryMs, everyMs: 100, signal: client.signal });
}

const yes = { done: true, value: undefined } as const;
const no = (saw: string) => ({ done: false, saw }) as const;

/** Deletes a set without its pods, and waits until it is gone: its finalizer lets the pods go first. */
async function deleteAlone(scene: Scene, { metadata: { name, uid } }: WholeSet): Promise<void> {
  const { client, namespace } = scene;
  const body = { propagationPolicy: 'Orphan', preconditions: { uid } };
  await client.remove(wholeSets, name, namespace, body);
  await until(scene, `StatefulSet ${name} to be gone`, async () => {
    const left = await client.get(wholeSets, name, namespace);
    return left?.metadata.uid === uid ? no('still there') : yes;
  });
}

/** Creates the same object anew; `helm upgrade` would, but as the chart has it, not as it was. */
async function createAgain(scene: Scene, set: WholeSet): Promise<WholeSet> {
  const { client, namespace } = scene;
  try {
    return await client.create(wholeSets, fresh(set), namespace);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    throw new ActStopped(`the set can't be made again: ${error.message}`);
  }
}

/** Waits until pods have this controller, or none; a pod that is gone is waited for no longer. */
async function untilControlled(
  scene: Scene,
  names: readonly string[],
  controller: string | undefined,
): Promise<void> {
  const wanted = controller === undefined ? 'no set' : `the set ${controller}`;
  await until(scene, `${names.join(', ')} to belong to ${wanted}`, async () => {
    const others = (await ownedPods(scene, names)).filter((pod) => pod.controller !== controller);
    return others.length === 0 ? yes : no(others.map((pod) => pod.name).join(', '));
  });
}

/**
 * Takes one pod out of the set's selector, sees it released, and then removes it, since its name is that
 * of its successor: until then the set can only wait.
 */
async function releaseOne(
  scene: Scene,
  name: string,
  [key, value]: readonly [string, string],
): Promise<Pick<OrphanRecord, 'released' | 'replacement'>> {
  const { client, namespace, limits } = scene;
  const relabelled = await editObject<Pod>(client, pods, name, namespace, (pod) => {
    const labels = { ...pod.metadata.labels, [key]: value };
    return { ...pod, metadata: { ...pod.metadata, labels } };
  });
  const uid = relabelled?.metadata.uid;
  await untilControlled(scene, [name], undefined);
  const [released] = await ownedPods(scene, [name]);
  if (uid !== undefined) {
    await client.remove(pods, name, namespace, { preconditions: { uid } });
    await until(scene, `the released ${name} to be gone`, async () => {
      const left = await client.get(pods, name, namespace);
      return left?.metadata.uid === uid ? no('still there') : yes;
    });
  }
  await settle(client, namespace, scene.sets, limits.recoveryMs);
  const [replacement] = await ownedPods(scene, [name]);
  return { released, replacement };
}

/**
 * Deletes the first StatefulSet without its pods, makes it again and waits for it to adopt them; then
 * changes a label of its last pod so that it can't claim it any more. Asserted of it, by check I8:
 * every pod goes on all the while, with its UID, containers and claims; it has no controller while there
 * is no set, and the new set, by UID, thereafter; the pod that does not match loses its controller and
 * nothing else; and once its name is free, a pod of another UID takes its place, with its claims.
 */
export async function orphan({ scene }: Stage): Promise<Outcome<OrphanRecord>> {
  const { client, namespace, sets } = scene;
  const [name = ''] = sets;
  const set = await client.get(wholeSets, name, namespace);
  const label = releasingLabel(set?.spec.selector?.matchLabels ?? {});
  if (set === undefined || label === undefined) {
    const reason = `StatefulSet ${name} selects its pods by no label that could be changed`;
    return { state: 'skipped', reason };
  }
  const names = expectedPods(setRecord(set)).map((pod) => pod.name);
  const last = names.at(-1);
  if (last === undefined) return { state: 'skipped', reason: `StatefulSet ${name} has no pods` };
  return attempt(async () => {
    const before = await ownedPods(scene, names);
    await deleteAlone(scene, set);
    const orphaned = await ownedPods(scene, names);
    const made = await createAgain(scene, set);
    await untilControlled(scene, names, made.metadata.uid);
    await settle(client, namespace, sets, scene.limits.recoveryMs);
    const adopted = await ownedPods(scene, names);
    const uids = { before: set.metadata.uid, after: made.metadata.uid };
    const seen = { set: name, uids, before, orphaned, adopted, label: label.join('=') };
    return { ...seen, ...(await releaseOne(scene, last, label)) };
  });
}
