import { placesOf, type DataDriver, type DataPlace } from '../observe/data.ts';
import { drivenSet } from '../observe/driver.ts';
import { belongsTo, ordinalOf, podRecord, setRecord, type SetRecord } from '../observe/identity.ts';
import type { Claim, Pod, Volume } from '../observe/objects.ts';
import type { Observation } from '../observe/record.ts';
import { readPlace } from './data-files.ts';
import { hostnameOf } from './hostname.ts';
import { readIdentities } from './identities.ts';
import { resolvePods } from './names.ts';
import { claims, pods, volumes } from './resources.ts';
import type { Scene } from './scene.ts';
import { readSets } from './settle.ts';

/** A pod with the set that controls it. */
export interface Member {
  pod: Pod;
  set: SetRecord;
}

/** The pods that the release's sets control, by set and ordinal. */
export async function readMembers(scene: Scene): Promise<{ sets: SetRecord[]; members: Member[] }> {
  const { client, namespace } = scene;
  const sets = (await readSets(client, namespace, scene.sets)).map(setRecord);
  const { items } = await client.list(pods, namespace);
  const members = sets.flatMap((set) =>
    items
      .filter((pod) => belongsTo(pod, set))
      .sort((a, b) => ordinalOf(a.metadata.name) - ordinalOf(b.metadata.name))
      .map((pod) => ({ pod, set })),
  );
  return { sets, members };
}

/** Whether a pod is of the StatefulSet that the driver is for. */
export function isDriven({ driver, sets }: Scene, { set }: Pick<Member, 'set'>): boolean {
  return driver !== undefined && drivenSet(sets, driver.set) === set.name;
}

/** Where the data of a pod is looked for. */
export function placesIn(scene: Scene, member: Member): DataPlace[] {
  const { driver } = scene;
  if (driver === undefined || !isDriven(scene, member)) return placesOf(member.pod, member.set);
  const data: DataDriver = { reads: driver.served !== undefined };
  if (driver.path !== undefined) data.path = driver.path;
  if (driver.served !== undefined) data.file = driver.served.file;
  return placesOf(member.pod, member.set, data);
}

async function readData(
  scene: Scene,
  members: readonly Member[],
  asked: readonly string[],
  objects: { claims: Claim[]; volumes: Volume[] },
) {
  const readings = members.map((member) =>
    Promise.all(
      placesIn(scene, member).map((place) => {
        const served = place.served && asked.includes(place.pod);
        return readPlace(scene, { ...place, served }, member.set.serviceName, objects);
      }),
    ),
  );
  return (await Promise.all(readings)).flat();
}

/**
 * Records who every pod is and what its claims hold, after a disruption or before the first.
 *
 * The names are asked first: what is read through the application needs them to be right. Names of
 * pods that were not disrupted are not asked: the answer would stay in the resolver's cache, and
 * make their own disruption wait for it. The pods are read after that, so that what happened to them
 * while the names settled is seen.
 *
 * @param targets the pods that were disrupted; without it all pods' names are asked
 */
export async function observe(
  scene: Scene,
  disruption: number,
  targets?: readonly string[],
): Promise<Observation> {
  const { client, namespace } = scene;
  const before = (await readMembers(scene)).members;
  const asked = before.filter(({ pod }) => targets?.includes(pod.metadata.name) ?? true);
  const dns = await resolvePods(scene, asked);
  const { sets, members } = await readMembers(scene);
  const [claimList, volumeList] = await Promise.all([
    client.list(claims, namespace),
    client.list(volumes),
  ]);
  const objects = { claims: claimList.items, volumes: volumeList.items };
  const records = members.map(async ({ pod, set }) =>
    podRecord(pod, set, objects.claims, objects.volumes, await hostnameOf(scene, pod)),
  );
  return {
    disruption,
    sets,
    pods: await Promise.all(records),
    dns,
    data: await readData(
      scene,
      members,
      asked.map(({ pod }) => pod.metadata.name),
      objects,
    ),
    identities: await readIdentities(
      scene,
      members.filter((member) => isDriven(scene, member)),
    ),
  };
}
