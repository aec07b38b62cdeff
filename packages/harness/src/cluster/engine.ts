import { randomInt } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { createServer } from 'node:net';
import Docker from 'dockerode';
import { assertSpace, environmentError, messageOf } from '@holdfast/core';

/** Free space that a cluster of three nodes and its images need, in bytes. */
const neededBytes = 3 * 1024 ** 3;

const defaultSocket = '/var/run/docker.sock';

/** The socket path of the engine, where it is one of this machine. */
function socketPath(): string | undefined {
  const host = process.env['DOCKER_HOST'] ?? `unix://${defaultSocket}`;
  return host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
}

async function isDenied(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.W_OK).then(
    () => false,
    (error: unknown) => (error as NodeJS.ErrnoException).code === 'EACCES',
  );
}

/**
 * Connects to the Docker engine.
 *
 * @throws HoldfastError (environment) when none answers, or this user may not use it
 */
export async function connectEngine(): Promise<Docker> {
  const docker = new Docker();
  try {
    await docker.ping();
    return docker;
  } catch (cause) {
    const path = socketPath();
    const object = process.env['DOCKER_HOST'] ?? defaultSocket;
    if (path !== undefined && (await isDenied(path))) {
      throw environmentError('this user may not use the Docker engine', {
        object,
        hint: 'run as a member of the group docker (sudo usermod -aG docker "$USER", then log in again), or as root',
        cause,
      });
    }
    throw environmentError(`no Docker engine answers: ${messageOf(cause)}`, {
      object,
      hint: 'install and start Docker, or set DOCKER_HOST; or prove on a cluster of yours with --kubeconfig FILE',
      cause,
    });
  }
}

/**
 * Checks that the file system that holds the engine's data has room for the cluster. An engine on
 * another machine is not judged.
 *
 * @throws HoldfastError (environment) with the space that there is and the space that is needed
 */
export async function assertDiskSpace(docker: Docker, needed = neededBytes): Promise<void> {
  const info = (await docker.info()) as { DockerRootDir?: string };
  const root = info.DockerRootDir;
  if (root === undefined || socketPath() === undefined) return;
  const hint = 'make room (docker system prune), or move the data of the Docker engine';
  await assertSpace(root, needed, 'a cluster', hint);
}

/** Listens on a port for a moment; throws when somebody else does. */
async function tryPort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: '0.0.0.0', exclusive: true }, resolve);
    });
  } finally {
    server.close();
  }
}

/**
 * Checks that nobody listens on a port of this machine.
 *
 * @throws HoldfastError (environment) when it is in use
 */
export async function assertPortFree(port: number): Promise<void> {
  await tryPort(port).catch((cause: unknown) => {
    throw environmentError(`port ${port} is in use`, {
      object: `--api-port ${port}`,
      hint: 'name another port, or leave the option out: a free one is taken then',
      cause,
    });
  });
}

/** Below what systems and engines hand out by themselves, also while the API server is away. */
const portRange = { min: 20_000, max: 30_000 };

/**
 * Draws a port of this machine that nobody listens on, and that is not given to anybody who asks for
 * any port: it can be left and taken again.
 *
 * @param draw a whole number from min on and below max
 * @throws HoldfastError (environment) when all that were drawn are in use
 */
export async function freePort(
  draw: (min: number, max: number) => number = randomInt,
): Promise<number> {
  let port = 0;
  for (let left = 20; left > 0; left -= 1) {
    port = draw(portRange.min, portRange.max);
    const free = await tryPort(port).then(
      () => true,
      () => false,
    );
    if (free) return port;
  }
  throw environmentError('no free port was found', {
    object: `port ${port} and others`,
    hint: 'name one with --api-port',
  });
}
