import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentError, messageOf, type DisruptionRecord } from '@holdfast/core';
import { stringify } from 'yaml';
import { claims, events, pods, secrets, statefulSets, volumes } from '../disrupt/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import { logTail } from '../kube/logs.ts';
import type { Resource } from '../kube/resource.ts';
import type { Pod } from '../observe/objects.ts';
import type { StepFinding } from '../observe/record.ts';
import { redact, redactText, secretValues } from './redact.ts';

const logLines = 2_000;

/** What a failure folder is made from. */
export interface FailureScene {
  client: KubeClient;
  namespace: string;
  /** The rendered objects. */
  objects: readonly unknown[];
  secrets: KnownSecrets;
  /** What was done until then. */
  disruptions: readonly DisruptionRecord[];
}

/** The values of secrets, to be taken out of everything that is written. */
export interface KnownSecrets {
  values: string[];
  /** Why those in the namespace are not among them. */
  unread?: string;
}

/** The secrets of a release: those that the chart renders, and those that are in its namespace. */
export async function knownSecrets(
  client: KubeClient,
  namespace: string,
  objects: readonly unknown[],
): Promise<KnownSecrets> {
  try {
    const { items } = await client.list(secrets, namespace);
    return {
      values: secretValues([...objects, ...items.map((item) => ({ ...item, kind: 'Secret' }))]),
    };
  } catch (error) {
    client.signal.throwIfAborted();
    return { values: secretValues(objects), unread: messageOf(error) };
  }
}

/** Findings without logs where these could hold secrets that are not known. */
export function withoutLogs(
  findings: readonly StepFinding[],
  { unread }: KnownSecrets,
): StepFinding[] {
  return findings.map((finding) => {
    if (finding.log === undefined || unread === undefined) return finding;
    return { ...finding, log: 'its log is left out: it may hold secrets, which could not be read' };
  });
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
        await writeFile(join(folder, file), redactText(text, scene.secrets.values));
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
 * volumes as YAML, the logs of all containers (of init containers and former runs too), the rendered
 * manifests, and the disruptions with their timelines as JSON. Nothing of a Secret is written; where
 * the Secrets can't be read, nothing is written but the disruptions.
 *
 * @throws HoldfastError (environment) when the Secrets can't be read
 */
export async function writeFailureFolder(scene: FailureScene, reportDir: string): Promise<void> {
  const folder = folderIn(reportDir);
  const logs = join(folder, 'logs');
  await mkdir(folder, { recursive: true });
  const timelines = `${JSON.stringify(scene.disruptions, null, 2)}\n`;
  await writeFile(join(folder, 'timeline.json'), timelines);
  const { values, unread } = scene.secrets;
  if (unread !== undefined) {
    throw environmentError(
      `objects and logs are not written, since the Secrets that they may quote can't be read: ${unread}`,
      { object: `namespace ${scene.namespace}` },
    );
  }
  await mkdir(logs, { recursive: true });
  const write = (file: string, objects: readonly unknown[]) =>
    writeFile(
      join(folder, file),
      objects.map((object) => `---\n${stringify(redact(object, values))}`).join(''),
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
}
