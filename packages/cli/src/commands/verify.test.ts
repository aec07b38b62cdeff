import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  fakeEngine,
  holdfast,
  scratchFolder,
  stillRunning,
  type Surroundings,
} from '../holdfast.fixture.ts';

const noEngine = { DOCKER_HOST: 'unix:///nonexistent.sock' };
const nobody = 65_534;

/** A scratch folder with what passes for a chart. */
async function scratchChart() {
  const scratch = await scratchFolder();
  await mkdir(join(scratch.path, 'chart'));
  const text = 'apiVersion: v2\nname: web\nversion: 0.1.0\n';
  await writeFile(join(scratch.path, 'chart', 'Chart.yaml'), text);
  return scratch;
}

/** Runs `holdfast verify` where no engine answers, so that only what comes before is tested. */
async function refusal(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await holdfast(['verify', ...args], { cwd, env: noEngine });
  expect(code).to.equal(2, stderr);
  expect(stdout).to.equal('');
  expect(stderr).to.match(/^error: /);
  return stderr;
}

async function lack(args: string[], surroundings: Surroundings): Promise<string> {
  const { code, stdout, stderr } = await holdfast(['verify', 'chart', ...args], surroundings);
  expect(code).to.equal(3, stderr);
  expect(stdout).to.equal('');
  expect(stderr).to.match(/^error: .*\n {2}at: .*\n {2}hint: /);
  return stderr;
}

describe('holdfast verify, bad input', () => {
  after(() => {
    expect(stillRunning()).to.equal(0);
  });

  it('names a chart that does not exist', async () => {
    await using scratch = await scratchFolder();
    const stderr = await refusal(scratch.path, 'nowhere');
    expect(stderr).to.contain('the chart does not exist').and.to.contain('at: nowhere');
  });

  it('refuses a folder without Chart.yaml', async () => {
    await using scratch = await scratchFolder();
    expect(await refusal(scratch.path, '.')).to.contain('it has no Chart.yaml');
  });

  // One of each kind through the whole command; the others are in the tests of options and paths.
  const options: [string[], string, string][] = [
    [['-f', 'absent.yaml'], 'the file does not exist', '--values absent.yaml'],
    [['--driver', 'absent'], 'the folder does not exist', '--driver absent'],
    [['--driver', 'chart'], "the driver's file can't be read", 'chart/driver.yaml'],
    [['--nodes', '0'], 'from 1 to 10', '--nodes 0'],
    [['--set', 'replicas'], 'KEY=VALUE', '--set replicas'],
    [['--only', 'Z9'], 'no such check', 'Z9'],
    [['--disrupt', 'kill,explode'], 'no such kind of disruption', '--disrupt explode'],
    [['--mixed', '0'], 'from 1 to 1000', '--mixed 0'],
    [['--seed', '1'], 'needs --mixed', '--seed 1'],
    [['--context', 'dev'], 'needs --kubeconfig', '--context dev'],
    [['--driver-port', '0'], 'from 1 to 65535', '--driver-port 0'],
    [['--driver-service', 'db'], 'needs --driver', '--driver-service db'],
    [['--driver-secret', 'password'], 'takes FILE=SECRET:KEY', '--driver-secret password'],
  ];
  for (const [args, message, object] of options) {
    it(`refuses ${args.join(' ')}`, async () => {
      await using scratch = await scratchChart();
      const stderr = await refusal(scratch.path, 'chart', ...args);
      expect(stderr).to.contain(message);
      expect(stderr).to.contain(`at: ${object}`);
    });
  }

  it('refuses options of a cluster of its own beside --kubeconfig', async () => {
    await using scratch = await scratchChart();
    const stderr = await refusal(scratch.path, 'chart', '--kubeconfig', 'x', '--nodes', '2');
    expect(stderr).to.contain('--kubeconfig').and.to.contain('--nodes');
  });

  it('refuses rounds beside disruptions that are drawn', async () => {
    await using scratch = await scratchChart();
    const stderr = await refusal(scratch.path, 'chart', '--mixed', '5', '--rounds', '2');
    expect(stderr).to.contain('--mixed').and.to.contain('--rounds');
  });

  it('tells what Helm finds wrong with the values before a cluster is started', async () => {
    await using scratch = await scratchChart();
    const helm = join(scratch.path, 'helm');
    const lines = [
      '#!/bin/sh',
      'case $1 in',
      '  version) echo v3.22.0 ;;',
      '  show) cat "$3/Chart.yaml" ;;',
      '  *) echo "Error: replicas: must be a number" >&2; exit 1 ;;',
      'esac',
    ];
    await writeFile(helm, `${lines.join('\n')}\n`, { mode: 0o755 });
    await using engine = await fakeEngine(join(scratch.path, 'engine.sock'), {});
    const { code, stderr } = await holdfast(['verify', 'chart', '--set', 'replicas=x'], {
      cwd: scratch.path,
      env: { ...engine.env, HOLDFAST_HELM: helm },
    });
    expect(code).to.equal(2, stderr);
    expect(stderr).to.contain('replicas: must be a number');
    expect(stderr).not.to.contain('cluster of');
  });
});

describe('holdfast verify, a lacking environment', () => {
  after(() => {
    expect(stillRunning()).to.equal(0);
  });

  it('says what to do where no engine answers, as JSON too where asked for', async () => {
    await using scratch = await scratchChart();
    const surroundings = { cwd: scratch.path, env: noEngine };
    const { code, stdout, stderr } = await holdfast(['verify', 'chart', '--json'], surroundings);
    expect(code).to.equal(3, stderr);
    expect(stderr).to.contain('no Docker engine answers').and.to.contain('--kubeconfig FILE');
    expect(JSON.parse(stdout)).to.have.property('error').that.has.keys('message', 'object', 'hint');
  });

  it('leaves no report of a former run beside it', async () => {
    await using scratch = await scratchChart();
    const report = join(scratch.path, 'report');
    await mkdir(report);
    for (const file of ['report.json', 'junit.xml', 'notes.txt']) {
      await writeFile(join(report, file), 'former');
    }
    const args = ['verify', 'chart', '--report', 'report'];
    const { code } = await holdfast(args, { cwd: scratch.path, env: noEngine });
    expect(code).to.equal(3);
    expect(await readdir(report)).to.deep.equal(['notes.txt']);
  });

  it('says what to do where this user may not use the engine', async function () {
    if (process.getuid?.() !== 0) this.skip();
    await using scratch = await scratchChart();
    const socket = join(scratch.path, 'engine.sock');
    await using engine = await fakeEngine(socket, {});
    await chmod(socket, 0o600);
    const { env } = engine;
    const stderr = await lack([], { cwd: scratch.path, env, uid: nobody });
    expect(stderr).to.contain('this user may not use the Docker engine').and.to.contain('group');
  });

  it('says how much room there is and how much is needed', async function () {
    if (process.platform !== 'linux') this.skip();
    await using scratch = await scratchChart();
    const socket = join(scratch.path, 'engine.sock');
    // A file system that never has room.
    await using engine = await fakeEngine(socket, { DockerRootDir: '/proc' });
    const stderr = await lack([], { cwd: scratch.path, env: engine.env });
    expect(stderr).to.match(/too little disk space .*: 0 MiB free, \d+ MiB needed/);
    expect(stderr).to.contain('at: /proc');
  });

  it('names the port that is in use', async () => {
    await using scratch = await scratchChart();
    await using engine = await fakeEngine(join(scratch.path, 'engine.sock'), {});
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '0.0.0.0', resolve);
    });
    const { port } = server.address() as AddressInfo;
    try {
      const stderr = await lack(['--api-port', `${port}`], { cwd: scratch.path, env: engine.env });
      expect(stderr).to.contain(`port ${port} is in use`);
    } finally {
      server.close();
    }
  });

  it('says so when HOLDFAST_HELM names no Helm', async () => {
    await using scratch = await scratchChart();
    await using engine = await fakeEngine(join(scratch.path, 'engine.sock'), {});
    const env = { ...engine.env, HOLDFAST_HELM: '/nonexistent/helm' };
    const { code, stderr } = await holdfast(['verify', 'chart'], { cwd: scratch.path, env });
    expect(code).to.equal(3);
    expect(stderr).to.contain('HOLDFAST_HELM names no working Helm');
  });
});
