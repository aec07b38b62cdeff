import type { Cluster } from '../cluster/cluster.ts';
import { startClientPod } from '../kube/client-pod.ts';
import type { KubeClient } from '../kube/client.ts';
import { admittedLabels } from '../observe/client-labels.ts';
import type { RenderedObject } from '../observe/manifests.ts';
import { findClusterDomain } from './names.ts';
import type { Scene } from './scene.ts';

/** What a scene is made from, beside the cluster. */
export interface SceneParts extends Pick<Scene, 'sets' | 'driver' | 'limits'> {
  objects: readonly RenderedObject[];
}

/**
 * Starts the client pod, and puts the scene together that the disruptions are done on.
 *
 * @throws HoldfastError (environment) when the client image can't be had
 */
export async function setScene(
  client: KubeClient,
  { objects, sets, driver, limits }: SceneParts,
  { namespace, clientImage, cluster }: { namespace: string; clientImage: string; cluster: Cluster },
): Promise<Scene> {
  const labels = admittedLabels(objects);
  const shell = await startClientPod(client, namespace, clientImage, labels, limits.readyMs);
  const clusterDomain = await findClusterDomain(shell);
  const { control } = cluster;
  const scene = { client, namespace, sets, shell, clusterDomain, driver, limits };
  return control === undefined ? scene : { ...scene, control };
}
