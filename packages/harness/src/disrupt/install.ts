import { environmentError, helmMessage, PollTimeout, type Helm, seconds } from '@holdfast/core';
import type { KubeClient } from '../kube/client.ts';
import { logTail } from '../kube/logs.ts';
import { installChart, testRelease, type ReleaseSpec } from '../kube/release.ts';
import type { StepFinding } from '../observe/record.ts';
import { troublesOf, type Trouble } from '../observe/troubles.ts';
import { claims, events, pods } from './resources.ts';
import type { Limits } from './scene.ts';
import { settleOrTrouble } from './settle.ts';

const logLines = 15;

/** An image that can't be had is the machine's lack, not the chart's. */
function imageError(trouble: Trouble): Error {
  return environmentError(`the nodes can't get an image: ${trouble.message}`, {
    object: trouble.image ?? trouble.object,
    hint: 'give it as an archive by --images DIR, or docker pull it here, or let the nodes pull it',
  });
}

/** The ends of a crashing container's logs, of its former run first. */
async function crashLog(client: KubeClient, namespace: string, trouble: Trouble): Promise<string> {
  const target = { namespace, pod: trouble.object, container: trouble.container ?? '' };
  const former = await logTail(client, target, logLines, true);
  return (former ?? (await logTail(client, target, logLines)) ?? '').trim() || 'no log';
}

async function describe(
  client: KubeClient,
  namespace: string,
  trouble: Trouble,
): Promise<StepFinding> {
  const finding = { object: trouble.object, ok: false, text: trouble.message };
  if (trouble.kind !== 'crash') return finding;
  return { ...finding, log: `its log ends: ${await crashLog(client, namespace, trouble)}` };
}

/** The end of a test pod's log. */
async function testLog(client: KubeClient, namespace: string, pod: string): Promise<string> {
  const found = (await client.list(pods, namespace)).items.find((p) => p.metadata.name === pod);
  const container = found?.spec.containers[0]?.name;
  const target = { namespace, pod, container: container ?? '' };
  const log = container === undefined ? undefined : await logTail(client, target, logLines);
  return `log of ${pod}: ${log?.trim() ?? 'none'}`;
}

/** A failed `helm install` may be a hook whose image can't be had. */
async function imageTrouble(client: KubeClient, namespace: string): Promise<Trouble | undefined> {
  const [podList, claimList, eventList] = await Promise.all([
    client.list(pods, namespace),
    client.list(claims, namespace),
    client.list(events, namespace),
  ]);
  const troubles = troublesOf(podList.items, claimList.items, eventList.items);
  return troubles.find((trouble) => trouble.kind === 'image');
}

/**
 * Installs the chart and waits for its pods by revision and readiness.
 *
 * @param sets the names of its StatefulSets
 * @returns what was found; the release runs when every finding is ok
 * @throws HoldfastError (environment) when an image can't be had
 */
export async function install(
  client: KubeClient,
  helm: Helm,
  spec: ReleaseSpec,
  sets: readonly string[],
  limits: Limits,
): Promise<StepFinding[]> {
  const began = performance.now();
  const result = await installChart(helm, spec, limits.helmMs);
  if (result.exitCode !== 0) {
    const trouble = await imageTrouble(client, spec.namespace);
    if (trouble) throw imageError(trouble);
    return [{ object: 'helm install', ok: false, text: helmMessage(result) }];
  }
  try {
    const trouble = await settleOrTrouble(client, spec.namespace, sets, limits.readyMs);
    if (trouble?.kind === 'image') throw imageError(trouble);
    if (trouble) return [await describe(client, spec.namespace, trouble)];
  } catch (error) {
    if (!(error instanceof PollTimeout)) throw error;
    return [{ object: 'pods', ok: false, text: error.message }];
  }
  return [{ object: 'pods', ok: true, text: `Ready after ${seconds(performance.now() - began)}` }];
}

/**
 * Runs the chart's own tests.
 *
 * @param tests the names of its test hooks
 */
export async function runTests(
  client: KubeClient,
  helm: Helm,
  spec: ReleaseSpec,
  tests: readonly string[],
  limits: Limits,
): Promise<StepFinding> {
  if (tests.length === 0) return { object: 'helm test', ok: true, text: 'the chart has no tests' };
  const result = await testRelease(helm, spec, limits.helmMs);
  if (result.exitCode === 0) return { object: 'helm test', ok: true, text: 'helm test passed' };
  const trouble = await imageTrouble(client, spec.namespace);
  if (trouble) throw imageError(trouble);
  const said = result.stderr.trim().split('\n').slice(-logLines).join('\n');
  const logs = await Promise.all(tests.map((pod) => testLog(client, spec.namespace, pod)));
  return { object: 'helm test', ok: false, text: said, log: logs.join('\n') };
}
