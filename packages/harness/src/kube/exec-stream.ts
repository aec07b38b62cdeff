import { Exec, type V1Status } from '@kubernetes/client-node';
import { HoldfastError, messageOf } from '@holdfast/core';
import { PassThrough, Writable } from 'node:stream';
import type { KubeClient } from './client.ts';
import type { Target } from './exec.ts';
import { exitCodeOf } from './exit-code.ts';

/** How a command in a container ended. */
export interface StreamEnd {
  /** Its exit code; null when it could not be started, or when nobody knows. */
  exitCode: number | null;
  /** The end of its standard error; the kubelet's message when it could not be started. */
  stderr: string;
  /** Why the connection ended before the command did; undefined where it did not. */
  lost?: string;
}

/** A command that runs in a container. */
export interface ExecStream {
  /** Sends text to its standard input. */
  write(text: string): void;
  /** Ends the connection, and with it the command's standard input. */
  close(): void;
  readonly ended: Promise<StreamEnd>;
}

/** What is used of the connection; its own types are not shipped with the client. */
interface Socket {
  close(): void;
  terminate(): void;
  onclose: (() => void) | null;
}

export interface StreamOptions {
  /** Is given its standard output as it comes; nothing is kept. */
  onOutput: (chunk: Buffer) => void;
  /** How long the connection may take, in milliseconds. */
  connectMs: number;
  /** The command is given up when nothing has come for so long, in milliseconds; without it never. */
  idleMs?: number;
}

const keptOfStderr = 4_000;

function sink(take: (chunk: Buffer) => void): Writable {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk);
      done();
    },
  });
  // What arrives after the end is written to a stream that is destroyed.
  return stream.on('error', () => {});
}

/**
 * Starts a command in a container, whose output is passed on as it comes, for as long as it runs.
 *
 * @returns when the connection stands; the end is told by {@link ExecStream.ended}, which never rejects
 * @throws HoldfastError (internal) when there is no connection; the signal's reason when it is aborted
 */
export async function execStream(
  client: KubeClient,
  target: Target,
  command: readonly string[],
  { onOutput, connectMs, idleMs }: StreamOptions,
): Promise<ExecStream> {
  client.signal.throwIfAborted();
  const object = `exec in ${target.pod}/${target.container}: ${command.slice(0, 2).join(' ')}`;
  const ended = Promise.withResolvers<StreamEnd>();
  let stderr = '';
  let idle: NodeJS.Timeout | undefined;
  const state = { over: false };
  let close = () => {};
  const end = (how: Omit<StreamEnd, 'stderr'> & { message?: string }) => {
    const { message, ...rest } = how;
    state.over = true;
    clearTimeout(idle);
    client.signal.removeEventListener('abort', abort);
    ended.resolve({ ...rest, stderr: message ?? stderr });
    close();
  };
  const lose = (lost: string) => {
    end({ exitCode: null, lost });
  };
  const abort = () => {
    lose('aborted');
  };
  const alive = () => {
    clearTimeout(idle);
    if (idleMs === undefined) return;
    idle = setTimeout(() => {
      lose(`nothing came for ${idleMs / 1000} s`);
    }, idleMs);
  };
  // What arrives after the end belongs to nothing: whoever was told of it may have asked anew.
  const stdout = sink((chunk) => {
    if (state.over) return;
    alive();
    onOutput(chunk);
  });
  const errors = sink((chunk) => {
    if (state.over) return;
    stderr = (stderr + chunk.toString('utf8')).slice(-keptOfStderr);
  });
  const stdin = new PassThrough();
  const onStatus = (status: V1Status) => {
    const exitCode = exitCodeOf(status);
    const { message } = status;
    end({ exitCode, ...(exitCode === null && message !== undefined ? { message } : {}) });
  };
  const { namespace, pod, container } = target;
  const connecting = new Exec(client.config)
    .exec(namespace, pod, container, [...command], stdout, errors, stdin, false, onStatus)
    .then((connection) => connection as unknown as Socket);
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    limit.reject(new Error(`not within ${connectMs / 1000} s`));
  }, connectMs);
  client.signal.addEventListener('abort', abort, { once: true });
  try {
    const socket = await Promise.race([connecting, limit.promise]);
    close = () => {
      socket.close();
    };
    socket.onclose = () => {
      lose('the connection ended before the command did');
    };
    if (state.over) close();
    else alive();
  } catch (cause) {
    connecting.then(
      (late) => {
        late.terminate();
      },
      () => {},
    );
    lose('no connection');
    client.signal.throwIfAborted();
    const message = `no connection to the container: ${messageOf(cause)}`;
    throw new HoldfastError({ kind: 'internal', message, object, cause });
  } finally {
    clearTimeout(timer);
  }
  return {
    write: (text) => stdin.write(text),
    close: () => {
      lose('closed');
    },
    ended: ended.promise,
  };
}

/** A container in which commands run. */
export interface Container {
  readonly target: Target;
  /** Aborts what runs in it. */
  readonly signal: AbortSignal;
  /** Starts a command that is fed, as {@link execStream} says. */
  start(command: readonly string[], options: StreamOptions): Promise<ExecStream>;
  /**
   * Runs a command that needs no input to its end.
   *
   * @throws HoldfastError (internal) when there is no connection, or when it is lost
   */
  run(command: readonly string[], options: StreamOptions): Promise<StreamEnd>;
}

/** The end of a command that was not broken off. */
export async function wholeEnd(
  { ended }: ExecStream,
  { pod, container }: Target,
): Promise<StreamEnd> {
  const end = await ended;
  if (end.lost === undefined) return end;
  const object = `exec in ${pod}/${container}`;
  throw new HoldfastError({ kind: 'internal', message: end.lost, object });
}

/** A container of a cluster's pod. */
export function podContainer(client: KubeClient, target: Target): Container {
  const { signal } = client;
  return {
    target,
    signal,
    start: (command, options) => execStream(client, target, command, options),
    async run(command, options) {
      const stream = await execStream(client, target, command, options);
      const end = await wholeEnd(stream, target);
      signal.throwIfAborted();
      return end;
    },
  };
}
