import { HoldfastError, messageOf, poll, type Probe, unlessLate } from '@holdfast/core';
import { exec, type ExecResult } from '../kube/exec.ts';
import type { HostnameAnswer } from '../observe/identity.ts';
import type { Pod } from '../observe/objects.ts';
import type { Scene } from './scene.ts';

const commands = [['hostname'], ['cat', '/proc/sys/kernel/hostname']];

/** Whether an exec says that there is no such program, rather than that it could not be made. */
function hasNoProgram({ exitCode, stderr }: ExecResult): boolean {
  if (exitCode === null) return /executable file not found|no such file/i.test(stderr);
  return exitCode === 126 || exitCode === 127;
}

const retryMs = 5_000;

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
      const result = await run(command);
      const { exitCode, stdout, stderr } = result;
      if (exitCode === 0) return { hostname: stdout.trim() };
      if (!hasNoProgram(result)) failure = `exit ${exitCode ?? 'unknown'}: ${stderr.trim()}`;
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      failure = messageOf(error);
    }
  }
  return { hostname: undefined, ...(failure === undefined ? {} : { hostnameError: failure }) };
}

/** The answer of a pod's first container; an exec that could not be made is made again for a while. */
export async function hostnameOf(scene: Scene, pod: Pod): Promise<HostnameAnswer> {
  const { client, namespace } = scene;
  const container = pod.spec.containers[0]?.name ?? '';
  const target = { namespace, pod: pod.metadata.name, container };
  const ask = async (): Promise<Probe<HostnameAnswer>> => {
    const answer = await askHostname((command) => exec(client, target, command));
    client.signal.throwIfAborted();
    const { hostnameError: saw } = answer;
    return saw === undefined ? { done: true, value: answer } : { done: false, saw };
  };
  const what = `${pod.metadata.name} to tell its host name`;
  const options = { what, limitMs: retryMs, everyMs: 500, signal: client.signal };
  return unlessLate(poll(ask, options), (saw) => ({ hostname: undefined, hostnameError: saw }));
}
