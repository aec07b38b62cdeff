import { claims, volumes } from '../disrupt/resources.ts';
import type { Scene } from '../disrupt/scene.ts';
import { readMembers } from '../disrupt/snapshot.ts';
import { podRecord, type PodRecord } from '../observe/identity.ts';

/** The pods of the sets with their claims; the pods themselves are not asked for anything. */
export async function podsWithClaims(scene: Scene): Promise<PodRecord[]> {
  const { client, namespace } = scene;
  const { members } = await readMembers(scene);
  const claimList = (await client.list(claims, namespace)).items;
  const volumeList = (await client.list(volumes)).items;
  return members.map(({ pod, set }) =>
    podRecord(pod, set, claimList, volumeList, { hostname: undefined }),
  );
}
