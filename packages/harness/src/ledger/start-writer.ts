import { environmentError, poll, type Probe } from '@holdfast/core';
import { pods } from '../disrupt/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Target } from '../kube/exec.ts';
import type { Resource } from '../kube/resource.ts';
import type { Pod } from '../observe/objects.ts';
import { writerPod, writerScripts, type WriterParts } from './writer-pod.ts';

const configMaps: Resource<unknown> = { base: '/api/v1', plural: 'configmaps', namespaced: true };

/** Why a pod will not run; undefined while it still may. */
function refusal(pod: Pod | undefined): string | undefined {
  const status = pod?.status.containerStatuses?.[0];
  const waiting = status?.state?.waiting;
  if (
    /^(ErrImageNeverPull|ImagePullBackOff|InvalidImageName|CrashLoopBackOff)$/.test(
      waiting?.reason ?? '',
    )
  ) {
    return waiting?.message ?? waiting?.reason;
  }
  const { terminated } = status?.state ?? {};
  return terminated && (terminated.message ?? `its container exited with ${terminated.exitCode}`);
}

/**
 * Makes a writer's pod and ConfigMap, and waits until it runs.
 *
 * @returns its container
 * @throws HoldfastError (environment) when its image can't be had, or runs no shell
 */
export async function startWriter(
  client: KubeClient,
  namespace: string,
  parts: WriterParts,
  limitMs: number,
): Promise<Target> {
  const target: Target = { namespace, pod: parts.name, container: 'writer' };
  await client.create(configMaps, writerScripts(parts), namespace);
  const made = await client.create(pods, writerPod(parts), namespace);
  const image = made.spec.containers[0]?.image ?? '';
  const probe = async (): Promise<Probe<undefined>> => {
    const pod = await client.get(pods, parts.name, namespace);
    const state = pod?.status.containerStatuses?.[0]?.state;
    if (state?.running) return { done: true, value: undefined };
    const why = refusal(pod);
    if (why === undefined) {
      return { done: false, saw: state?.waiting?.reason ?? pod?.status.phase ?? 'no pod' };
    }
    // Its log is not quoted: it may hold the credentials that the writer was given.
    throw environmentError(`the writer does not run: ${why}`, {
      object: image,
      hint:
        "the image of the driver's ledger.image needs a shell, and the programs of its scripts; with " +
        `--report DIR, what ${parts.name} printed stands in DIR/failure/logs`,
    });
  };
  const what = `pod ${parts.name} to run`;
  await poll(probe, { what, limitMs, signal: client.signal });
  return target;
}
