import { spawn, type ChildProcess } from 'node:child_process';
import { wholeEnd, type Container, type ExecStream, type StreamEnd } from '../kube/exec-stream.ts';

/** A container of a test: its commands run on this machine. */
export interface LocalContainer extends Container {
  /** What its commands find in their environment. */
  env: Record<string, string>;
  /** Whether connections can be made. */
  reachable: boolean;
  /** Ends all connections; a command sees the end of its input. */
  breakConnections(): void;
  /** Lets all commands stop where they are, or go on. */
  pause(paused: boolean): void;
}

/** A container without an image: its commands see this machine. */
export function localContainer(env: Record<string, string>): LocalContainer {
  const running = new Map<ChildProcess, (lost: string) => void>();
  /** Also those whose connection was lost. */
  const alive = new Set<ChildProcess>();
  const { signal } = new AbortController();
  const container: LocalContainer = {
    target: { namespace: 'test', pod: 'web-0', container: 'web' },
    signal,
    env,
    reachable: true,
    start([program = '', ...args], { onOutput }): Promise<ExecStream> {
      if (!container.reachable) return Promise.resolve(broken());
      const child = spawn(program, args, { env: { ...process.env, ...container.env } });
      const ended = Promise.withResolvers<StreamEnd>();
      let stderr = '';
      const lose = (lost: string) => {
        running.delete(child);
        child.stdin.end();
        child.stdout.removeAllListeners('data').resume();
        ended.resolve({ exitCode: null, stderr, lost });
      };
      running.set(child, lose);
      alive.add(child);
      child.stdin.on('error', () => {});
      child.stdout.on('data', onOutput);
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('close', (exitCode) => {
        running.delete(child);
        alive.delete(child);
        ended.resolve({ exitCode, stderr });
      });
      return Promise.resolve({
        write: (text) => child.stdin.write(text),
        close: () => {
          lose('closed');
        },
        ended: ended.promise,
      });
    },
    async run(command, options) {
      const stream = await container.start(command, options);
      return wholeEnd(stream, container.target);
    },
    breakConnections() {
      for (const lose of [...running.values()]) lose('the connection ended');
    },
    pause(paused) {
      for (const child of alive) child.kill(paused ? 'SIGSTOP' : 'SIGCONT');
    },
  };
  return container;
}

/** What comes of a command where no connection can be made. */
function broken(): ExecStream {
  const end: StreamEnd = { exitCode: null, stderr: '', lost: 'no connection' };
  return { write: () => {}, close: () => {}, ended: Promise.resolve(end) };
}
