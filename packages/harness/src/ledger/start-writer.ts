import { elseEnvironment, HoldfastError, poll, type Probe } from '@holdfast/core';
import { pods } from '../disrupt/resources.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Target } from '../kube/exec.ts';
import type { Resource } from '../kube/resource.ts';
import type { Pod } from '../observe/objects.ts';
import { writerPod, writerScripts, type WriterParts } from './writer-pod.ts';

const configMaps: Resource<unknown> = { base: '/api/v1', plural: 'configmaps', namespaced: true };

/** Thrown for a writer that will not run. */
export class WriterRefused extends HoldfastError {
  readonly target: Target;

  /** @param kept whether its log is there when the folder of a failure is written */
  constructor(message: string, image: string, target: Target, kept = true) {
    const needs =
      "the image of the driver's ledger.image needs a shell, and the programs of its scripts";
    // Its log is not quoted: it may hold the credentials that the writer was given.
    const log = `; with --report DIR, what ${target.pod} printed stands in DIR/failure/logs`;
    const hint = kept ? needs + log : needs;
    super({ kind: 'environment', message, object: image, hint });
    this.name = 'WriterRefused';
    this.target = target;
  }

  /** The same of a writer whose namespace is removed before that folder is written. */
  withoutLog(): WriterRefused {
    return new WriterRefused(this.message, this.object ?? '', this.target, false);
  }
}

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
 * @throws HoldfastError (environment) when its image can't be had, or runs no shell, or when the pod does
 *   not come up within the limit: it is Holdfast's own, and says nothing of the chart
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
    throw new WriterRefused(`the writer does not run: ${why}`, image, target);
  };
  const what = `pod ${parts.name} to run`;
  const wait = poll(probe, { what, limitMs, signal: client.signal });
  const mounted = [...new Set(parts.credentials.map(({ secret }) => secret))];
  const there = mounted.length === 0 ? '' : `, that there is Secret ${mounted.join(', ')}`;
  await elseEnvironment(wait, 'the writer does not run', {
    object: `${namespace}/${parts.name}`,
    hint: `see that the machine has memory, disk space and processors left${there}, and try again`,
  });
  return target;
}
