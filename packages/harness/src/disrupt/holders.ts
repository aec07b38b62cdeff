import { HoldfastError, messageOf } from '@holdfast/core';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { parseSamples, type Holders } from '../observe/holders.ts';
import type { Pod } from '../observe/objects.ts';
import type { Scene } from './scene.ts';

/** A look from a node that goes on until it is stopped. */
export interface HolderWatch {
  stop(): Promise<Holders>;
}

/** Where the claims of a pod are mounted for writing, each path once. */
export function claimMounts({ spec }: Pod): string[] {
  const volumes = (spec.volumes ?? []).filter((v) => v.persistentVolumeClaim !== undefined);
  const names = new Set(volumes.map(({ name }) => name));
  const mounts = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(
    ({ volumeMounts = [] }) => volumeMounts,
  );
  const paths = mounts
    .filter(({ name, readOnly }) => names.has(name) && readOnly !== true)
    .map(({ mountPath }) => (mountPath.length > 1 ? mountPath.replace(/\/+$/, '') : mountPath));
  return [...new Set(paths)];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The files that no process of the application writes: the driver's lock, and the ledger's own. */
function filesApart({ driver }: Scene, pod: string, mounts: readonly string[]): string[] {
  const folders = [...mounts, ...(driver?.path === undefined ? [] : [driver.path])];
  const lock = driver?.lock === undefined ? [] : [driver.lock];
  const names = [...lock, `.holdfast-ledger-${pod}`];
  return folders.flatMap((folder) => names.map((name) => posix.join(folder, name)));
}

/** Waits on the node, for some seconds at most, until the first sample is taken. */
function untilBegun(work: string): string {
  return `n=0
while [ ! -e ${work}/begun ] && [ "$n" -lt 200 ]; do n=$((n + 1)); sleep 0.05; done`;
}

function nobody(pod: string, untried: string): HolderWatch {
  return { stop: () => Promise.resolve({ pod, untried }) };
}

/**
 * Watches from a pod's node whose processes have files of its claims open for writing, some ten times a
 * second, until it is stopped. Processes are told apart by the UID of their pod, and the volume is known
 * by its device and root: so the pod that follows is seen as well, on this node. What waits for the
 * driver's lock does not count.
 */
export async function watchHolders(scene: Scene, pod: Pod): Promise<HolderWatch> {
  const { control, limits } = scene;
  const { name, uid } = pod.metadata;
  const node = pod.spec.nodeName ?? '';
  if (control === undefined) return nobody(name, 'the nodes are out of reach');
  const mounts = claimMounts(pod);
  if (mounts.length === 0) return nobody(name, 'no claim is mounted for writing');
  const work = `/tmp/holdfast-holders-${randomUUID()}`;
  const env = {
    POD_UID: uid,
    MOUNTS: mounts.join(' '),
    APART: filesApart(scene, name, mounts).join(' '),
    WORK: work,
    SECONDS_LIMIT: String(Math.ceil(limits.recoveryMs / 1000)),
  };
  const settings = Object.entries(env).map(([key, value]) => `${key}=${quoted(value)}`);
  const script = await readFile(join(import.meta.dirname, 'holders.sh'), 'utf8');
  const running = control.run(node, `${settings.join('\n')}\n${script}`).then(
    (output): Holders => {
      if (output.trim() === 'none') return { pod: name, untried: `no process of it is on ${node}` };
      return { pod: name, samples: parseSamples(output) };
    },
    (error: unknown): Holders => {
      if (!(error instanceof HoldfastError)) throw error;
      return { pod: name, untried: `${node} could not be looked at: ${messageOf(error)}` };
    },
  );
  // It is awaited when it is stopped; until then it must not end the process.
  running.catch(() => {});
  const onNode = (text: string) =>
    control.run(node, text).catch((error: unknown) => {
      // Whatever is wrong with the node, the samples tell.
      if (!(error instanceof HoldfastError)) throw error;
    });
  await onNode(untilBegun(work));
  return {
    async stop() {
      await onNode(`: >${work}/stop`);
      const seen = await running;
      await onNode(`rm -rf ${work}`);
      return seen;
    },
  };
}
