import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, realpath, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { run, type RunResult } from '@holdfast/core';
import { root } from '../holdfast.ts';

const files = join(root, 'templates', 'redis', 'files');

/** The folders that the chart mounts, somewhere else, and the port of the server in them. */
export interface Place {
  port: number;
  config: string;
  data: string;
  secrets: string;
  run: string;
  tls: string;
  /** What the scripts find in their environment; the first folder of PATH has the shell. */
  env: Record<string, string> & { PATH: string };
}

/** What start.sh has become. */
export interface Started {
  pid: number;
  /** What it has printed so far. */
  output: () => string;
  kill: (signal: NodeJS.Signals) => void;
  hasEnded: () => boolean;
  /** Its exit code, or the signal that ended it. */
  exited: Promise<number | string>;
  /** The same, when its children have ended too, and nothing more will be printed. */
  ended: Promise<number | string>;
}

/** A port of the loopback interface that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('not a port');
  return address.port;
}

/**
 * Makes the folders with the chart's configuration: no users, no secrets, no TLS. redis.conf is a copy
 * with other paths, because it has to name absolute ones.
 */
export async function makePlace(folder: string, path: string): Promise<Place> {
  const at = (name: string) => join(folder, name);
  const env = {
    PATH: path,
    CONFIG_DIR: at('config'),
    DATA_DIR: at('data'),
    SECRETS_DIR: at('secrets'),
    RUN_DIR: at('run'),
    TLS_DIR: at('tls'),
    CERTIFICATE_PERIOD: '0.2',
  };
  const place: Place = {
    port: await freePort(),
    config: env.CONFIG_DIR,
    data: env.DATA_DIR,
    secrets: env.SECRETS_DIR,
    run: env.RUN_DIR,
    tls: env.TLS_DIR,
    env,
  };
  for (const name of ['config', 'data', 'run']) await mkdir(at(name), { recursive: true });
  const text = await readFile(join(files, 'config', 'redis.conf'), 'utf8');
  const moved = text
    .replaceAll('/etc/redis', place.config)
    .replaceAll('/run/redis', place.run)
    .replace('dir /data', `dir ${place.data}`);
  await writeFile(join(place.config, 'redis.conf'), moved);
  await writeSettings(place);
  return place;
}

/** Writes settings.conf as the chart does, with more lines after it; only for the loopback interface. */
export async function writeSettings(place: Place, lines: readonly string[] = []): Promise<void> {
  const base = ['bind 127.0.0.1', 'appendfsync everysec', 'save ""'];
  await writeFile(join(place.config, 'settings.conf'), [...base, ...lines, ''].join('\n'));
}

/** Writes what the chart has when auth is on: users with their rules, and the Secret's files. */
export async function writeUsers(
  place: Place,
  users: readonly string[],
  secret: Record<string, string>,
): Promise<void> {
  await mkdir(place.secrets, { recursive: true });
  await writeFile(join(place.config, 'users'), users.map((line) => `${line}\n`).join(''));
  for (const [key, value] of Object.entries(secret)) {
    await writeFile(join(place.secrets, key), value);
  }
}

function environmentOf(place: Place): Record<string, string> {
  return { ...place.env, PORT: String(place.port) };
}

function commandOf(place: Place, script: string): [string, string] {
  const [shells = ''] = place.env.PATH.split(':');
  return [join(shells, 'sh'), join(files, 'scripts', script)];
}

/** Runs a script to its end, in front of it perhaps a program that runs programs. */
export async function runScript(
  place: Place,
  script: string,
  args: readonly string[] = [],
  before: readonly string[] = [],
): Promise<RunResult> {
  const [program = '', ...rest] = [...before, ...commandOf(place, script), ...args];
  return run(program, rest, { env: environmentOf(place), timeoutMs: 60_000 });
}

/** Ends at once what start.sh has become or left: the processes that work in the place's data folder. */
export async function end(place: Place, started: Started): Promise<void> {
  started.kill('SIGKILL');
  const data = await realpath(place.data);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    if (cwd === data) process.kill(Number(pid), 'SIGKILL');
  }
  await started.ended;
}

function resultOf([code, signal]: (number | string | null)[]): number | string {
  return code ?? signal ?? 'nothing';
}

/** Runs start.sh, which becomes the server. The caller ends it. */
export function start(place: Place, more: Record<string, string> = {}): Started {
  const [program, script] = commandOf(place, 'start.sh');
  const env = { ...process.env, ...environmentOf(place), ...more };
  const child = spawn(program, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    kill: (signal) => child.kill(signal),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    exited: once(child, 'exit').then(resultOf),
    ended: once(child, 'close').then(resultOf),
  };
}

/** Runs redis-cli; a password goes into its environment. */
export async function redisCli(
  place: Place,
  args: readonly string[],
  password?: string,
): Promise<string> {
  const env = password === undefined ? {} : { REDISCLI_AUTH: password };
  const all = ['-h', '127.0.0.1', '-p', String(place.port), ...args];
  const { stdout, stderr } = await run('redis-cli', all, { env, timeoutMs: 30_000 });
  return `${stderr}${stdout}`.trim();
}
