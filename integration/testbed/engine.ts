import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { cacheDir, environmentError, isThere, poll } from '@holdfast/core';
import { unmarkedEnvironment } from '@holdfast/harness';
import { installPackages } from './debian-packages.ts';
import { testbedDir } from './recipes.ts';

/** A Docker engine; disposing of it stops it, if it was started here. */
export interface Engine extends AsyncDisposable {
  readonly docker: Docker;
  readonly startedHere: boolean;
}

export interface EngineOptions {
  /** May packages be installed and an engine be started on this machine? CI may. */
  mayInstall: boolean;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** What has to be on the machine, by the file that shows it. */
type Requirements = Record<string, string[]>;

const toRunEngine: Requirements = {
  '/usr/sbin/dockerd': ['docker.io', 'containerd', 'runc', 'iptables'],
  '/usr/bin/jq': ['jq'],
};
const toBuildImages: Requirements = {
  '/usr/bin/mmdebstrap': ['mmdebstrap', 'debian-archive-keyring'],
  '/usr/bin/gcc': ['gcc', 'libc6-dev'],
};

async function answers(docker: Docker): Promise<boolean> {
  return docker.ping().then(
    () => true,
    () => false,
  );
}

async function isDebian(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*debian/m.test(release);
}

/** Why nothing may be installed on this machine; undefined where it may. */
async function whyNotInstall({ mayInstall }: EngineOptions): Promise<string | undefined> {
  if (!(await isDebian())) return 'this is not Debian';
  if (process.getuid?.() !== 0) return 'this user is not root';
  return mayInstall ? undefined : 'nobody allowed it';
}

async function install(requirements: Requirements, { say, signal }: EngineOptions): Promise<void> {
  const missing: string[] = [];
  for (const [file, packages] of Object.entries(requirements)) {
    if (!(await isThere(file))) missing.push(...packages);
  }
  if (missing.length === 0) return;
  say(`installing the Debian packages ${missing.join(', ')}`);
  await installPackages(missing, { signal });
}

/** Installs what builds of images need, where that is allowed; elsewhere the build says what it lacks. */
export async function installBuildTools(options: EngineOptions): Promise<void> {
  if ((await whyNotInstall(options)) === undefined) await install(toBuildImages, options);
}

/** Bit 24 of the bounding set: without it a privileged container needs a wrapper around runc. */
async function lacksSysResource(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8');
  const bounding = /^CapBnd:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0';
  return ((BigInt(`0x${bounding}`) >> 24n) & 1n) === 0n;
}

/**
 * Ports are published on loopback only: nothing of a test is reachable from elsewhere. The engine's
 * data lie in the cache, so that those of an engine that is only stopped stay as they are.
 */
async function writeConfiguration(folder: string): Promise<string> {
  const data = join(folder, 'data');
  // Networks are those of sessions that have ended; one that was cut off half-made stops dockerd 20.10
  // from starting.
  await rm(join(data, 'network', 'files', 'local-kv.db'), { force: true });
  const configuration = {
    ip: '127.0.0.1',
    'data-root': data,
    ...((await lacksSysResource())
      ? {
          'default-runtime': 'holdfast',
          runtimes: {
            holdfast: { path: join(testbedDir, 'node', 'runc-without-sys-resource.sh') },
          },
        }
      : {}),
  };
  const file = join(folder, 'daemon.json');
  await writeFile(file, `${JSON.stringify(configuration, undefined, 2)}\n`);
  return file;
}

async function startEngine(docker: Docker, { say, signal }: EngineOptions): Promise<Engine> {
  const folder = join(cacheDir(), 'engine');
  await mkdir(folder, { recursive: true });
  const configuration = await writeConfiguration(folder);
  const log = join(folder, 'dockerd.log');
  say(`starting a Docker engine for as long as this command runs (log: ${log})`);
  const keeper = spawn(
    process.execPath,
    [join(testbedDir, 'engine-keeper.ts'), configuration, log],
    {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
      cwd: '/',
      env: unmarkedEnvironment(),
    },
  );
  keeper.unref();
  keeper.stdin.on('error', () => {});
  const stop = async () => {
    if (keeper.exitCode !== null || keeper.signalCode !== null) return;
    keeper.ref();
    keeper.stdin.end();
    await once(keeper, 'exit');
  };
  try {
    await poll(
      async () => {
        if (await answers(docker)) return { done: true, value: true };
        if (keeper.exitCode !== null) {
          const lines = (await readFile(log, 'utf8')).trim().split('\n').slice(-5).join('\n');
          throw environmentError(`the Docker engine did not start:\n${lines}`, {
            object: log,
            hint: 'start one yourself, or run as root on a machine that may run containers',
          });
        }
        return { done: false, saw: 'no answer' };
      },
      { what: 'the Docker engine to answer', limitMs: 60_000, signal },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { docker, startedHere: true, [Symbol.asyncDispose]: stop };
}

/**
 * The Docker engine of this machine, used as it is where one answers; else one is started, where
 * that may be: as root, on Debian, in CI or when the user said so.
 *
 * @throws HoldfastError (environment) with the remedy where none answers and none may be started
 */
export async function ensureEngine(options: EngineOptions): Promise<Engine> {
  const docker = new Docker();
  if (await answers(docker)) {
    options.say('a Docker engine answers: nothing is started or installed');
    return { docker, startedHere: false, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const why = await whyNotInstall(options);
  if (why !== undefined) {
    throw environmentError(`no Docker engine answers, and none is started here: ${why}`, {
      hint: 'start Docker; or, as root on Debian, let one be installed and started with --yes (CI=true does too)',
    });
  }
  await install(toRunEngine, options);
  // Installing the package starts the engine where there is an init system.
  if (await answers(docker)) {
    return { docker, startedHere: false, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  return startEngine(docker, options);
}
