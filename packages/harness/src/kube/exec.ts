import { Exec, type V1Status } from '@kubernetes/client-node';
import { HoldfastError, messageOf } from '@holdfast/core';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { KubeClient } from './client.ts';
import { exitCodeOf } from './exit-code.ts';

/** The container that a command runs in. */
export interface Target {
  namespace: string;
  pod: string;
  container: string;
}

/** What a command in a container left. */
export interface ExecResult {
  /** Its exit code; null when it could not be started, as a missing program. */
  exitCode: number | null;
  stdout: string;
  /** Its standard error; the kubelet's message when it could not be started. */
  stderr: string;
}

/** What is used of the connection; its own types are not shipped with the client. */
interface Socket {
  close(): void;
  onclose: (() => void) | null;
}

const execLimitMs = 30_000;

/** Thrown when a command in a container did not end within its limit. */
export class ExecTimeout extends HoldfastError {
  /** What it had written until then. */
  stdout = '';

  constructor(limitMs: number, object: string) {
    super({
      kind: 'internal',
      message: `the command did not end within ${limitMs / 1000} s`,
      object,
    });
    this.name = 'ExecTimeout';
  }
}

/**
 * Runs a command in a container, with an argument vector, and waits for its end.
 *
 * @param limitMs the limit in milliseconds, 30 s by default
 * @returns its exit code and output, also when it failed or could not be started
 * @throws ExecTimeout when the limit passes; HoldfastError (internal) when the connection fails; the
 *   signal's reason when it is aborted
 */
export async function exec(
  client: KubeClient,
  target: Target,
  command: readonly string[],
  limitMs: number = execLimitMs,
): Promise<ExecResult> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const outputs = Promise.all([text(stdout), text(stderr)]);
  const limit = AbortSignal.any([client.signal, AbortSignal.timeout(limitMs)]);
  const object = `exec in ${target.pod}/${target.container}: ${command.slice(0, 2).join(' ')}`;
  const failed = (message: string, cause?: unknown) =>
    new HoldfastError({ kind: 'internal', message, object, cause });
  // What arrives after the limit is written to a stream that has ended.
  for (const stream of [stdout, stderr]) stream.on('error', () => {});
  const status = await new Promise<V1Status>((resolve, reject) => {
    let close = () => {};
    limit.addEventListener('abort', () => {
      close();
      reject(
        client.signal.aborted ? (client.signal.reason as Error) : new ExecTimeout(limitMs, object),
      );
    });
    new Exec(client.config)
      .exec(
        target.namespace,
        target.pod,
        target.container,
        [...command],
        stdout,
        stderr,
        null,
        false,
        resolve,
      )
      .then(
        (connection) => {
          const socket = connection as unknown as Socket;
          close = () => {
            socket.close();
          };
          if (limit.aborted) close();
          socket.onclose = () => {
            reject(failed('the connection ended before the command did'));
          };
        },
        (error: unknown) => {
          reject(failed(`no connection to the container: ${messageOf(error)}`, error));
        },
      );
  })
    .finally(() => {
      stdout.end();
      stderr.end();
    })
    .catch(async (error: unknown) => {
      if (error instanceof ExecTimeout) [error.stdout] = await outputs;
      throw error;
    });
  const [out, err] = await outputs;
  const exitCode = exitCodeOf(status);
  return { exitCode, stdout: out, stderr: exitCode === null ? (status.message ?? err) : err };
}
