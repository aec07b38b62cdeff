import { expect } from 'chai';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runToSuccess } from '@holdfast/core';
import { root } from '../holdfast.ts';
import { provide } from './provide.ts';

const node = join(root, 'integration', 'testbed', 'node');

/** Every shell script of the repository, by its first line; what they source is checked with them. */
async function shellScripts(): Promise<string[]> {
  const files = (await runToSuccess('git', ['ls-files'], { cwd: root })).split('\n');
  const scripts: string[] = [];
  for (const file of files.filter((name) => /(^|\/)[^.]+$|\.sh$|^\.ci\//.test(name))) {
    const text = await readFile(join(root, file), 'utf8').catch(() => '');
    if (/^#!.*\b(sh|bash)\b/.test(text)) scripts.push(file);
  }
  return scripts;
}

describe('shell scripts', () => {
  let scratch: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'holdfast-shell-'));
  });
  after(async () => {
    await rm(scratch, { recursive: true, force: true });
  });

  it('are clean by shellcheck', async function () {
    const isThere = () =>
      run('shellcheck', ['--version']).then(
        () => true,
        () => false,
      );
    if (!(await provide(isThere, ['shellcheck']))) this.skip();
    const scripts = await shellScripts();
    expect(scripts).to.include('scripts/node').and.to.include('.ci/run');
    const options = ['--external-sources', '--check-sourced', '--source-path=SCRIPTDIR'];
    const result = await run('shellcheck', [...options, ...scripts], { cwd: root });
    expect(result.stdout).to.equal('');
    expect(result.exitCode).to.equal(0);
  });

  it('scripts/node runs on the Node that the lockfile names', async () => {
    const version = await runToSuccess(join(root, 'scripts', 'node'), ['--version'], { cwd: '/' });
    const lock = await readFile(join(root, 'pnpm-lock.yaml'), 'utf8');
    expect(lock).to.include(`node@${version.trim().slice(1)}`);
  });

  it('scripts/node says what is missing where there is no npx', async () => {
    const copy = join(scratch, 'without-npx');
    await mkdir(join(copy, 'scripts'), { recursive: true });
    await cp(join(root, 'scripts', 'node'), join(copy, 'scripts', 'node'));
    await writeFile(join(copy, 'pnpm-lock.yaml'), 'lockfileVersion: 9\n');
    const bin = join(scratch, 'bin');
    await mkdir(bin);
    for (const tool of ['dirname', 'cmp', 'sh']) {
      const path = (await runToSuccess('which', [tool])).trim();
      await writeFile(join(bin, tool), `#!/bin/sh\nexec ${path} "$@"\n`, { mode: 0o755 });
    }
    const result = await run('/bin/sh', [join(copy, 'scripts', 'node'), '--version'], {
      env: { PATH: bin },
    });
    expect(result.exitCode).to.equal(3);
    expect(result.stderr).to.match(/npx is not on this machine; install Node\.js/);
  });

  describe('the runc wrapper', () => {
    const wrapper = join(node, 'runc-without-sys-resource.sh');
    const capabilities = {
      bounding: ['CAP_CHOWN', 'CAP_SYS_RESOURCE'],
      effective: ['CAP_SYS_RESOURCE', 'CAP_KILL'],
      ambient: null,
    };
    const reduced = { bounding: ['CAP_CHOWN'], effective: ['CAP_KILL'], ambient: [] };
    let arguments_: string;
    let env: Record<string, string>;
    before(async () => {
      arguments_ = join(scratch, 'arguments');
      const runc = join(scratch, 'runc');
      await writeFile(runc, `#!/bin/sh\nprintf '%s\\n' "$@" >'${arguments_}'\nexit 7\n`);
      await chmod(runc, 0o755);
      env = { RUNC: runc };
    });

    it('takes one capability from a bundle and passes everything else on', async () => {
      const bundle = join(scratch, 'bundle');
      await mkdir(bundle);
      const config = { ociVersion: '1.0', process: { args: ['a b', '"c"'], capabilities } };
      await writeFile(join(bundle, 'config.json'), JSON.stringify(config));
      const args = ['--log', 'x', 'create', '--bundle', bundle, 'the id'];
      const result = await run(wrapper, args, { env });
      expect(result.exitCode, result.stderr).to.equal(7);
      expect((await readFile(arguments_, 'utf8')).split('\n').slice(0, -1)).to.deep.equal(args);
      expect(JSON.parse(await readFile(join(bundle, 'config.json'), 'utf8'))).to.deep.equal({
        ...config,
        process: { ...config.process, capabilities: reduced },
      });
    });

    it('takes it from the process that exec adds', async () => {
      const file = join(scratch, 'process.json');
      await writeFile(file, JSON.stringify({ cwd: '/', capabilities }));
      await run(wrapper, ['exec', `--process=${file}`, 'id'], { env });
      expect(JSON.parse(await readFile(file, 'utf8'))).to.deep.equal({
        cwd: '/',
        capabilities: reduced,
      });
    });

    it('leaves a process without capabilities as it is', async () => {
      const file = join(scratch, 'plain.json');
      await writeFile(file, JSON.stringify({ cwd: '/' }));
      const result = await run(wrapper, ['exec', '-p', file, 'id'], { env });
      expect(result.exitCode, result.stderr).to.equal(7);
      expect(JSON.parse(await readFile(file, 'utf8'))).to.deep.equal({ cwd: '/' });
    });
  });

  describe("the node image's entrypoint", () => {
    const entrypoint = join(node, 'entrypoint.sh');

    it('refuses an option that it does not stand in for', async () => {
      const result = await run(entrypoint, ['server', '--flannel-backend=none']);
      expect(result.exitCode).to.equal(1);
      expect(result.stderr).to.include('unknown option --flannel-backend');
    });

    it('refuses another role', async () => {
      const result = await run(entrypoint, ['loadbalancer']);
      expect(result.exitCode).to.equal(1);
      expect(result.stderr).to.include('the first argument is server or agent, not loadbalancer');
    });
  });
});
