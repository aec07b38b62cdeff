import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { claims, events, pods, secrets, statefulSets, volumes } from '../disrupt/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import { logTail } from '../kube/logs.ts';
import type { Resource } from '../kube/resource.ts';
import type { Pod } from '../observe/objects.ts';
import { redact, redactText } from './redact.ts';

const logLines = 2_000;

/** What a failure folder is made from. */
export interface FailureScene {
  client: KubeClient;
  namespace: string;
  /** The rendered objects. */
  objects: readonly unknown[];
  /** The values of secrets, to be taken out of everything. */
  secrets: readonly string[];
}

/** The Secrets of a namespace, to know what must not be written down. */
export async function readSecrets(client: KubeClient, namespace: string): Promise<unknown[]> {
  const { items } = await client.list(secrets, namespace);
  return items.map((item) => ({ ...item, kind: 'Secret' }));
}

async function writeLogs(
  scene: FailureScene,
  folder: string,
  podList: readonly Pod[],
): Promise<void> {
  for (const pod of podList) {
    const name = pod.metadata.name;
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    for (const container of containers) {
      const target = { namespace: scene.namespace, pod: name, container: container.name };
      for (const previous of [false, true]) {
        const text = await logTail(scene.client, target, logLines, previous);
        if (text === undefined || text === '') continue;
        const file = `${name}.${container.name}${previous ? '.previous' : ''}.log`;
        await writeFile(join(folder, file), redactText(text, scene.secrets));
      }
    }
  }
}

function folderIn(reportDir: string): string {
  return join(reportDir, 'failure');
}

/** Removes the failure folder of a former proof, which would stand beside this one's verdict. */
export async function removeFailureFolder(reportDir: string): Promise<void> {
  await rm(folderIn(reportDir), { recursive: true, force: true });
}

/**
 * Writes down what a failed proof can be understood from: events, pods, StatefulSets, claims and
 * volumes as YAML, the logs of all containers (of init containers and former runs too), and the
 * rendered manifests. Nothing of a Secret is written.
 *
 * @returns the folder
 */
export async function writeFailureFolder(scene: FailureScene, reportDir: string): Promise<string> {
  const folder = folderIn(reportDir);
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true });
  const write = (file: string, objects: readonly unknown[]) =>
    writeFile(
      join(folder, file),
      objects.map((object) => `---\n${stringify(redact(object, scene.secrets))}`).join(''),
    );
  const dump = async <T>(file: string, resource: Resource<T>) => {
    const { items } = await scene.client.list(resource, scene.namespace);
    await write(file, items);
    return items;
  };
  await write('manifests.yaml', scene.objects);
  await dump('events.yaml', events);
  await dump('statefulsets.yaml', statefulSets);
  const claimList = await dump('claims.yaml', claims);
  const own = new Set(claimList.map((claim) => claim.spec.volumeName));
  const volumeList = (await scene.client.list(volumes)).items;
  await write(
    'volumes.yaml',
    volumeList.filter((volume) => own.has(volume.metadata.name)),
  );
  await writeLogs(scene, logs, await dump('pods.yaml', pods));
  return folder;
}
