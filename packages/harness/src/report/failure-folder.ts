import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  environmentError,
  messageOf,
  seconds,
  type DisruptionRecord,
  type LedgerRecord,
} from '@holdfast/core';
import { stringify } from 'yaml';
import type { NodeControl } from '../cluster/cluster.ts';
import { claims, events, pods, statefulSets, volumes } from '../disrupt/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import { logTail } from '../kube/logs.ts';
import type { Resource } from '../kube/resource.ts';
import type { Pod } from '../observe/objects.ts';
import { cleanLedger } from './build.ts';
import { describeObjects } from './describe.ts';
import type { KnownSecrets } from './known-secrets.ts';
import { redact, redactText } from './redact.ts';
import { disruptionBars } from './timeline-bars.ts';

const logLines = 2_000;
const nodeLogLines = 5_000;

/** What a failure folder is made from. */
export interface FailureScene {
  client: KubeClient;
  namespace: string;
  /** The rendered objects. */
  objects: readonly unknown[];
  secrets: KnownSecrets;
  /** What was done until then. */
  disruptions: readonly DisruptionRecord[];
  ledgers: readonly LedgerRecord[];
  /** Absent where the nodes are out of reach. */
  control?: NodeControl;
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

async function writeNodeLogs({ control, secrets }: FailureScene, folder: string): Promise<void> {
  if (control === undefined) return;
  for (const node of [control.server, ...control.agents]) {
    const text = redactText(await control.log(node, nodeLogLines), secrets.values);
    await writeFile(join(folder, `${node}.log`), `${text}\n`);
  }
}

/** Each disruption as bars, with all its moments below. */
function timelineText(disruptions: readonly DisruptionRecord[]): string {
  const blocks = disruptions.map((done) => {
    const moments = done.timeline.map(
      ({ ms, object, event }) => `${seconds(ms).padStart(9)}  ${object}  ${event}`,
    );
    const { number, kind, targets } = done;
    const bars = disruptionBars(done);
    const head = bars.length > 0 ? bars : [` ${number}. ${kind} of ${targets.join(', ')}`];
    return `${[...head, ...moments].join('\n')}\n`;
  });
  return blocks.join('\n');
}

/** What was done and written until then: nothing of a Secret is in it but what a program printed. */
async function writeCourse(scene: FailureScene, folder: string): Promise<void> {
  const { disruptions, ledgers, secrets } = scene;
  const json = (file: string, value: unknown) =>
    writeFile(join(folder, file), `${JSON.stringify(value, null, 2)}\n`);
  await json('timeline.json', disruptions);
  await writeFile(join(folder, 'timeline.txt'), timelineText(disruptions));
  const bare = ledgers.map(({ error, ...ledger }) => ({
    ...ledger,
    ...(error === undefined || secrets.unread !== undefined ? {} : { error }),
  }));
  await json(
    'ledgers.json',
    bare.map((ledger) => cleanLedger(ledger, secrets.values)),
  );
}

/** Objects as YAML and in words. */
async function writeObjects(scene: FailureScene, folder: string): Promise<Pod[]> {
  const { client, namespace, secrets: known } = scene;
  const { values } = known;
  const write = (file: string, objects: readonly unknown[]) =>
    writeFile(
      join(folder, file),
      objects.map((object) => `---\n${stringify(redact(object, values))}`).join(''),
    );
  const dump = async <T>(file: string, resource: Resource<T>) => {
    const { items } = await client.list(resource, namespace);
    await write(file, items);
    return items;
  };
  await write('manifests.yaml', scene.objects);
  const seen = {
    events: await dump('events.yaml', events),
    sets: await dump('statefulsets.yaml', statefulSets),
    pods: await dump('pods.yaml', pods),
    claims: await dump('claims.yaml', claims),
  };
  await writeFile(join(folder, 'describe.txt'), redactText(describeObjects(seen), values));
  return seen.pods;
}

async function writeVolumes({ client, namespace, secrets: known }: FailureScene, folder: string) {
  const claimList = (await client.list(claims, namespace)).items;
  const own = new Set(claimList.map((claim) => claim.spec.volumeName));
  const { items } = await client.list(volumes);
  const texts = items
    .filter((volume) => own.has(volume.metadata.name))
    .map((volume) => `---\n${stringify(redact(volume, known.values))}`);
  await writeFile(join(folder, 'volumes.yaml'), texts.join(''));
}

/**
 * Writes down what a failed proof can be understood from: the disruptions with their timelines, and
 * the ledgers with the writes that were lost; events, pods, StatefulSets, claims and volumes as YAML,
 * and in words; the logs of all containers (of init containers and former runs too) and of the nodes;
 * the rendered manifests. Nothing of a Secret is written; where the Secrets can't be read, nothing is
 * written but the disruptions and the ledgers.
 *
 * @throws HoldfastError (environment) when the Secrets can't be read, or some of the rest
 */
export async function writeFailureFolder(scene: FailureScene, reportDir: string): Promise<void> {
  const folder = folderIn(reportDir);
  const [logs, nodeLogs] = [join(folder, 'logs'), join(folder, 'nodes')];
  await mkdir(folder, { recursive: true });
  await writeCourse(scene, folder);
  const { unread } = scene.secrets;
  if (unread !== undefined) {
    throw environmentError(
      `objects and logs are not written, since the Secrets that they may quote can't be read: ${unread}`,
      { object: `namespace ${scene.namespace}` },
    );
  }
  const failures: string[] = [];
  // What can't be had of one kind does not keep the others back.
  const attempt = async (what: string, work: () => Promise<void>) => {
    await work().catch((error: unknown) => {
      scene.client.signal.throwIfAborted();
      failures.push(`${what}: ${messageOf(error)}`);
    });
  };
  await mkdir(logs, { recursive: true });
  if (scene.control !== undefined) await mkdir(nodeLogs, { recursive: true });
  await attempt('nodes', () => writeNodeLogs(scene, nodeLogs));
  await attempt('objects and logs', async () => {
    await writeLogs(scene, logs, await writeObjects(scene, folder));
  });
  await attempt('volumes', () => writeVolumes(scene, folder));
  if (failures.length > 0) {
    const object = `namespace ${scene.namespace}`;
    throw environmentError(failures.join('; '), { object });
  }
}
