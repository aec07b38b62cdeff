import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { run, runToSuccess } from '@holdfast/core';
import { provide } from './provide.ts';

/** The shells of the upstream images, Debian's and Alpine's. */
export const shells = ['dash', 'busybox'] as const;
export type Shell = (typeof shells)[number];

const programs = ['busybox', 'dash', 'flock', 'openssl', 'redis-benchmark', 'redis-cli'];
const packages = ['busybox', 'dash', 'openssl', 'redis-tools', 'util-linux'];

async function pathOf(program: string): Promise<string | undefined> {
  const found = await run('which', [program]);
  return found.exitCode === 0 ? found.stdout.trim() : undefined;
}

/**
 * The path of the server's program. The package redis-tools has it as well, under another name; the
 * package redis-server would start a server on this machine.
 */
async function findRedisServer(): Promise<string | undefined> {
  return (await pathOf('redis-server')) ?? (await pathOf('redis-check-rdb'));
}

/** Whether everything that Redis' scripts are tested with is on this machine. */
export async function hasRedis(): Promise<boolean> {
  const paths = await Promise.all([findRedisServer(), ...programs.map(pathOf)]);
  return paths.every((path) => path !== undefined);
}

/** Sees that it is; answers whether it is there. */
export function provideRedis(): Promise<boolean> {
  return provide(hasRedis, packages);
}

/**
 * Fills a folder with links, so that `sh` is a certain shell and `redis-server` the server. With
 * busybox, nothing else is found but busybox' own programs and Redis'.
 *
 * @returns the value for PATH; the folder comes first
 */
export async function makePath(folder: string, shell: Shell): Promise<string> {
  await mkdir(folder, { recursive: true });
  const links = new Map([['redis-server', await findRedisServer()]]);
  if (shell === 'busybox') {
    // Alpine's busybox has flock too, Debian's has not.
    for (const name of ['flock', 'redis-cli']) links.set(name, await pathOf(name));
    const busybox = await pathOf('busybox');
    for (const applet of (await runToSuccess('busybox', ['--list'])).trim().split('\n')) {
      if (!links.has(applet)) links.set(applet, busybox);
    }
  } else {
    links.set('sh', await pathOf('dash'));
  }
  for (const [name, target] of links) await symlink(target ?? '', join(folder, name));
  return shell === 'busybox' ? folder : `${folder}:${process.env['PATH'] ?? ''}`;
}
