import { HoldfastError } from '@holdfast/core';
import type { NodeControl } from '../cluster/cluster.ts';

/** The id that the runtime knows a container by: the API has the runtime's name before it. */
function runtimeId(containerId: string): string {
  const id = /^containerd:\/\/([0-9a-f]{64})$/.exec(containerId)?.[1];
  if (id !== undefined) return id;
  throw new HoldfastError({
    kind: 'internal',
    message: 'this is no id of a container that containerd runs',
    object: containerId,
  });
}

/** The PIDs are those of the node: the runtime and the shell are in the same namespace. */
function killScript(id: string): string {
  return [
    'ctr -n k8s.io task ls | {',
    '  while read -r task pid status; do',
    `    if [ "$task" = ${id} ] && [ "$status" = RUNNING ]; then kill -9 "$pid"; exit; fi`,
    '  done',
    `  echo "no running task ${id}" >&2; exit 1`,
    '}',
  ].join('\n');
}

/**
 * Kills the first process of a container by SIGKILL from its node, and no other: inside of the
 * container PID 1 is immune to it.
 *
 * @param containerId as the API has it
 * @throws HoldfastError (internal) when it does not run
 */
export async function killContainer(
  control: NodeControl,
  node: string,
  containerId: string,
): Promise<void> {
  await control.run(node, killScript(runtimeId(containerId)));
}

/** The containers that run on a node, as its runtime has them, with ids as the API writes them. */
export async function runningOn(control: NodeControl, node: string): Promise<Set<string>> {
  const listing = await control.run(node, 'ctr -n k8s.io task ls');
  const running = listing
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , status]) => status === 'RUNNING');
  return new Set(running.map(([task]) => `containerd://${task ?? ''}`));
}
