import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { findHelm, helmClient, HoldfastError } from '@holdfast/core';
import { holdfast, scratchFolder, stillRunning } from '../holdfast.fixture.ts';
import type { Flags } from '../init/flags.ts';
import type { Stop } from '../signals.ts';
import { init } from './init.ts';

const repository = fileURLToPath(new URL('../../../..', import.meta.url));
const least = ['--image', 'library/app:8.0.2'];

const stop: Stop = {
  signal: new AbortController().signal,
  removing: () => {},
  exitCode: () => undefined,
};

describe('holdfast init', () => {
  after(() => {
    expect(stillRunning()).to.equal(0);
  });

  it('writes a definition, and says what next', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    const surroundings = { cwd, env: { TMPDIR: cwd } };
    const args = ['init', 'a/my-app', ...least];
    const { code, stdout, stderr } = await holdfast(args, surroundings);
    expect(await readdir(cwd)).to.deep.equal(['a']);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.equal('wrote a/my-app/app.yaml\nnext: holdfast generate a/my-app\n');
    const text = await readFile(join(cwd, 'a/my-app/app.yaml'), 'utf8');
    expect(text).to.match(
      /^# yaml-language-server: \$schema=https:\/\/holdfast\.dev\/schemas\/app\.schema\.json\n/,
    );
    expect(text).to.contain("appVersion: '8.0.2'\n");
  });

  it('says the same as JSON, with a command that a shell takes', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    const args = ['init', 'my app', '--name', 'mine', ...least, '--json'];
    const { stdout } = await holdfast(args, { cwd });
    expect(JSON.parse(stdout)).to.deep.equal({
      name: 'mine',
      file: 'my app/app.yaml',
      next: "holdfast generate 'my app'",
    });
  });

  it('refers to the schema beside it when it is in this repository', async () => {
    await using scratch = await scratchFolder(repository);
    const { path } = scratch;
    expect((await holdfast(['init', join(path, 'x'), ...least])).code).to.equal(0);
    const [first = ''] = (await readFile(join(path, 'x/app.yaml'), 'utf8')).split('\n');
    const schema = first.replace('# yaml-language-server: $schema=', '');
    expect(schema).to.match(/^\.\.\//);
    const found = await readFile(join(path, 'x', schema), 'utf8');
    expect(JSON.parse(found)).to.have.property('title', 'Holdfast application');
    expect(relative(repository, path)).not.to.match(/^\.\./);
  });

  const wholes: Record<string, string[]> = {
    'nothing but an image': [],
    'all that there is': [
      ...['--description', "It's: a #1 thing", '--app-version', '1.10', '--replicas', '3'],
      ...['--port', 'main=7000', '--port', 'http=8080', '--port', 'gossip=7001/UDP'],
      ...['--volume', 'hot=/hot:1Gi', '--volume', 'cold=/cold:500Mi', '--user', '999'],
      ...['--ready', 'http:8080/healthz', '--workload', 'StatefulSet', '--yes'],
    ],
  };
  for (const [what, flags] of Object.entries(wholes)) {
    it(`gives a chart that Helm finds nothing wrong with, from ${what}`, async function () {
      this.timeout(300_000);
      await using scratch = await scratchFolder();
      const cwd = scratch.path;
      const written = await holdfast(['init', 'my-app', ...least, ...flags], { cwd });
      expect(written).to.include({ code: 0, stderr: '' });
      const generated = await holdfast(['generate', 'my-app', '-o', 'out'], { cwd });
      expect(generated).to.include({ code: 0, stderr: '' });
      const helm = helmClient(await findHelm());
      const chart = join(cwd, 'out/my-app');
      await helm.succeed(['lint', '--strict', '--quiet', chart, '--kube-version', '1.34.0']);
      const rendered = await helm.succeed(['template', 'x', chart, '--kube-version', '1.34.0']);
      expect(rendered).to.contain('kind: StatefulSet');
    });
  }

  it('names all that is missing where there is nobody to ask', async () => {
    await using scratch = await scratchFolder();
    const { code, stderr } = await holdfast(['init', 'x'], { cwd: scratch.path });
    expect(code).to.equal(2);
    expect(stderr).to.match(/^error: missing: --image, --app-version\n {2}at: holdfast init x\n/);
    expect(stderr).to.contain('  hint: for example: --image my-org/my-app:1.4.2;');
    const moving = await holdfast(['init', 'x', '--image', 'app:latest'], { cwd: scratch.path });
    expect(moving.stderr).to.match(/^error: missing: --app-version\n/);
    expect(await readdir(scratch.path)).to.deep.equal([]);
  });

  const refused: [Flags, string, RegExp][] = [
    [{ replicas: 'many' }, '--replicas many', /is not a number of replicas/],
    [{ port: ['http=99999'] }, '--port http=99999', /a port between 1 and 65535/],
    [{ port: ['http'] }, '--port http', /takes NAME=NUMBER/],
    [{ port: ['a=1', 'b=1'] }, '--port b=1', /is also the port "a"/],
    [{ port: ['a=1', 'a=2'] }, '--port a=…', /names "a" twice/],
    [{ volume: ['data=data:1Gi'] }, '--volume data=data:1Gi', /is not an absolute path/],
    [{ volume: ['data=/data:1Gibi'] }, '--volume data=/data:1Gibi', /is not a quantity/],
    [{ user: '0' }, '--user 0', /no pod runs as root/],
    [{ ready: 'tcp:http' }, '--ready tcp:http', /the port "http" is not defined/],
    [{ workload: 'Stateful' }, '--workload Stateful', /is not StatefulSet/],
    [{ workload: 'DaemonSet', replicas: '2' }, '--replicas 2', /has a pod on every node/],
    [{ name: 'My_App' }, '--name My_App', /is not a DNS label/],
    [{ appVersion: '1 0' }, '--app-version 1 0', /is not a version/],
    [{ image: 'a/B:1' }, '--image a/B:1', /is not a repository/],
    [{ image: 'a@sha256:1' }, '--image a@sha256:1', /takes no digest/],
    [{ description: '{{ x }}' }, '--description {{ x }}', /Helm would run it/],
  ];
  for (const [flags, object, message] of refused) {
    it(`refuses ${object} by that option, and writes nothing`, async () => {
      await using scratch = await scratchFolder();
      const options = { image: 'library/app:8.0.2', ...flags, yes: true as const };
      const error: unknown = await init(join(scratch.path, 'x'), options, stop).then(
        () => new Error('it was written'),
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(HoldfastError).and.to.include({ kind: 'badInput', object });
      expect(error).to.have.property('message').that.matches(message);
      expect(await readdir(scratch.path)).to.deep.equal([]);
    });
  }

  it('names every option that is wrong in one error', async () => {
    await using scratch = await scratchFolder();
    const args = ['init', 'x', ...least, '--replicas', 'many', '--user', '0'];
    const env = { TMPDIR: scratch.path };
    const { code, stdout, stderr } = await holdfast(args, { cwd: scratch.path, env });
    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
    expect(await readdir(scratch.path)).to.deep.equal([]);
    expect(stderr).to.match(/^error: 2 errors\n {2}--replicas many: .*\n {2}--user 0: .*\n/);
    expect(stderr).to.contain('at: x/app.yaml');
  });

  it('never overwrites a definition, and keeps what else is in a folder', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    await mkdir(join(cwd, 'x'));
    await writeFile(join(cwd, 'x/notes.txt'), 'mine');
    expect((await holdfast(['init', 'x', ...least], { cwd })).code).to.equal(0);
    const before = await readFile(join(cwd, 'x/app.yaml'), 'utf8');
    const again = await holdfast(['init', 'x', '--image', 'other:1'], { cwd });
    expect(again.code).to.equal(2);
    expect(again.stderr)
      .to.contain('there is an app.yaml already')
      .and.to.contain('at: x/app.yaml');
    expect(await readFile(join(cwd, 'x/app.yaml'), 'utf8')).to.equal(before);
    expect(await readdir(join(cwd, 'x'))).to.have.members(['app.yaml', 'notes.txt']);
  });

  it('says so when the folder cannot be', async () => {
    const { code, stderr } = await holdfast(['init', '/dev/null/x', ...least]);
    expect(code).to.equal(2);
    expect(stderr).to.contain('/dev/null is not a folder');
  });
});
