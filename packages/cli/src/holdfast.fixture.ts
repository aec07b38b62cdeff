import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const running = new Set<ChildProcess>();

/** What a finished run of the command left. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  cwd?: string;
  /** Added to this process' environment; what is undefined is taken away. */
  env?: Record<string, string | undefined>;
  uid?: number;
}

/** Starts the real command as a process of its own. */
export function startHoldfast(args: readonly string[], surroundings: Surroundings = {}) {
  const { env, ...rest } = surroundings;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    ...rest,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Runs the real command to its end. */
export async function holdfast(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Outcome> {
  const child = startHoldfast(args, surroundings);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** Processes of this fixture that have not ended. */
export function stillRunning(): number {
  return running.size;
}

/** A folder that every user may enter, removed at the end of its scope. */
export async function scratchFolder(
  within = tmpdir(),
): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(within, 'holdfast-cli-test-'));
  await chmod(path, 0o755);
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** A socket that answers like a Docker engine as far as the checks before a cluster ask it. */
export async function fakeEngine(
  socket: string,
  info: { DockerRootDir?: string },
): Promise<{ env: { DOCKER_HOST: string } } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const isInfo = request.url?.endsWith('/info') === true;
    response.setHeader('Content-Type', isInfo ? 'application/json' : 'text/plain');
    response.end(isInfo ? JSON.stringify(info) : 'OK');
  });
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  return {
    env: { DOCKER_HOST: `unix://${socket}` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
