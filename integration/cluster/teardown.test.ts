import { expect } from 'chai';
import Docker from 'dockerode';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { poll, run, seconds } from '@holdfast/core';
import { holdfastMain, root, testbedOptions } from '../holdfast.ts';
import { preparedTestbed } from './testbed-images.ts';

/** A run takes longer than this, from its start until its cluster is removed again. */
const longestMomentMs = 35_000;

/** The processes that name the folder in their arguments or environment. */
async function processesOf(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found: string[] = [];
  for (const id of ids) {
    if (Number(id) === process.pid) continue;
    const read = (file: string) => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '');
    const [command, environment] = await Promise.all([read('cmdline'), read('environ')]);
    if (`${command}${environment}`.includes(folder)) found.push(command.replaceAll('\0', ' '));
  }
  return found;
}

describe('what a proof leaves behind when it is ended', () => {
  const testbed = preparedTestbed();
  const docker = new Docker();
  let scratch: string;
  let before_: string[];
  let child: ChildProcess | undefined;

  /** All that could be left: in the engine, in the folder for temporary files, and running. */
  async function leftovers(): Promise<string[]> {
    const [containers, networks, volumes, files, processes] = await Promise.all([
      docker.listContainers({ all: true }),
      docker.listNetworks(),
      docker.listVolumes(),
      readdir(scratch),
      processesOf(scratch),
    ]);
    return [
      ...containers.map(({ Names }) => `container ${Names.join()}`),
      ...networks.map(({ Name }) => `network ${Name}`),
      ...volumes.Volumes.map(({ Name }) => `volume ${Name}`),
      ...files.map((file) => `file ${file}`),
      ...processes.map((command) => `process ${command}`),
    ];
  }

  const since = async () => (await leftovers()).filter((item) => !before_.includes(item));

  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-teardown-'));
    before_ = await leftovers();
  });

  afterEach(async () => {
    // Only where a test has failed is there still something to kill.
    if (child?.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await rm(scratch, { recursive: true, force: true });
  });

  /** Starts a proof as the leader of a process group of its own, as a shell does. */
  function start(): ChildProcess {
    const args = ['verify', 'charts-out/web', ...testbedOptions(testbed, 'web')];
    child = spawn(process.execPath, [holdfastMain, ...args], {
      cwd: root,
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, TMPDIR: scratch },
    });
    return child;
  }

  it('nothing when the node image can not be had, and exit code 3 with the remedy', async () => {
    const args = ['verify', 'charts-out/web', '--k3s-image=holdfast.local/is-not-there:1'];
    const { exitCode, stderr } = await run(process.execPath, [holdfastMain, ...args], {
      cwd: root,
      env: { TMPDIR: scratch },
    });
    expect(exitCode, stderr).to.equal(3);
    expect(stderr).to.include('error: the node image can not be had');
    expect(stderr).to.include('at: holdfast.local/is-not-there:1');
    expect(stderr).to.match(/hint: .*--k3s-image/);
    expect(await since()).to.deep.equal([]);
  });

  for (let turn = 1; turn <= 5; turn += 1) {
    it(`nothing when the process ends, after Ctrl-C at a random moment (${turn} of 5)`, async () => {
      const moment = randomInt(200, longestMomentMs);
      const proof = start();
      await delay(moment);
      process.kill(-(proof.pid ?? 0), 'SIGINT');
      const [code] = (await once(proof, 'exit')) as [number | null];
      expect(await since(), `interrupted after ${moment} ms`).to.deep.equal([]);
      expect(code, `interrupted after ${moment} ms`).to.equal(130);
    });
  }

  for (const [when, moment] of [
    ['while the cluster boots', 3_000],
    ['at a random moment', randomInt(5_000, longestMomentMs)],
  ] as const) {
    it(`nothing 10 s after SIGKILL ${when}`, async () => {
      const proof = start();
      await delay(moment);
      const killed = performance.now();
      process.kill(-(proof.pid ?? 0), 'SIGKILL');
      await once(proof, 'exit');
      await poll(
        async () => {
          const left = await since();
          return left.length === 0
            ? { done: true, value: true }
            : { done: false, saw: left.join('; ') };
        },
        { what: `nothing to be left (killed after ${moment} ms)`, limitMs: 10_000 },
      );
      const took = seconds(performance.now() - killed);
      process.stdout.write(`      nothing left ${took} after SIGKILL\n`);
    });
  }
});
