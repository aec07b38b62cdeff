import { HoldfastError, messageOf } from '@holdfast/core';
import { exec, type ExecResult } from '../kube/exec.ts';
import type { HostnameAnswer } from '../observe/identity.ts';
import type { Pod } from '../observe/objects.ts';
import type { Scene } from './scene.ts';

const commands = [['hostname'], ['cat', '/proc/sys/kernel/hostname']];

/** The codes by which a runtime says that it could not start a program. */
const notStarted = new Set<number | null>([null, 126, 127]);

/**
 * Asks a container for its host name, by the first of two programs that it has.
 *
 * @param run runs a command in the container
 * @returns its answer, or why there is none: no error means that it has neither program
 */
export async function askHostname(
  run: (command: readonly string[]) => Promise<ExecResult>,
): Promise<HostnameAnswer> {
  let failure: string | undefined;
  for (const command of commands) {
    try {
      const { exitCode, stdout, stderr } = await run(command);
      if (exitCode === 0) return { hostname: stdout.trim() };
      if (!notStarted.has(exitCode)) failure = `exit ${exitCode ?? ''}: ${stderr.trim()}`;
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      failure = messageOf(error);
    }
  }
  return { hostname: undefined, ...(failure === undefined ? {} : { hostnameError: failure }) };
}

/** The answer of a pod's first container; an attempt that failed is made once more. */
export async function hostnameOf(scene: Scene, pod: Pod): Promise<HostnameAnswer> {
  const { client, namespace } = scene;
  const container = pod.spec.containers[0]?.name ?? '';
  const target = { namespace, pod: pod.metadata.name, container };
  const ask = async () => {
    const answer = await askHostname((command) => exec(client, target, command));
    client.signal.throwIfAborted();
    return answer;
  };
  const answer = await ask();
  return answer.hostnameError === undefined ? answer : ask();
}
