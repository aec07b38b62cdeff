import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { failure } from './failure.fixture.ts';
import { assertChart, cacheDir, findHelm, helmClient, helmVersion } from './helm.ts';

const changed = ['HOLDFAST_HELM', 'HOLDFAST_CACHE', 'XDG_CACHE_HOME', 'PATH'] as const;

describe('Helm', () => {
  let folder: string;
  const before = Object.fromEntries(changed.map((name) => [name, process.env[name]]));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-core-test-'));
    for (const name of changed) if (name !== 'PATH') Reflect.deleteProperty(process.env, name);
  });

  afterEach(async () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await rm(folder, { recursive: true, force: true });
  });

  /** A program in the scratch folder, of some lines of shell. */
  async function program(path: string, ...lines: string[]): Promise<string> {
    const file = join(folder, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, `#!/bin/sh\n${lines.join('\n')}\n`);
    await chmod(file, 0o755);
    return file;
  }

  describe('assertChart', () => {
    it('accepts a folder with Chart.yaml and a package', async () => {
      await writeFile(join(folder, 'Chart.yaml'), '');
      await assertChart(folder);
      await writeFile(join(folder, 'web-0.1.0.tgz'), '');
      await assertChart(join(folder, 'web-0.1.0.tgz'));
    });

    it('refuses what is not there, and what is no chart', async () => {
      const missing = await failure(assertChart(join(folder, 'nowhere')));
      expect(missing).to.include({ kind: 'badInput', object: join(folder, 'nowhere') });
      expect(missing.hint).to.be.a('string');
      const none = await failure(assertChart(folder));
      expect(none.message).to.contain('no Chart.yaml');
      expect(none.hint).to.contain('holdfast generate');
    });
  });

  describe('cacheDir', () => {
    it('is $HOLDFAST_CACHE, or holdfast in the cache folder of the user', () => {
      process.env['XDG_CACHE_HOME'] = '/cache';
      expect(cacheDir()).to.equal('/cache/holdfast');
      process.env['HOLDFAST_CACHE'] = '/mine';
      expect(cacheDir()).to.equal('/mine');
    });
  });

  describe('findHelm', () => {
    it('takes the one that $HOLDFAST_HELM names', async () => {
      const helm = await program('my-helm', 'echo v3.22.0');
      process.env['HOLDFAST_HELM'] = helm;
      expect(await findHelm()).to.equal(helm);
    });

    it('says so when that one does not work', async () => {
      for (const named of ['/nonexistent/helm', await program('bad-helm', 'exit 1')]) {
        process.env['HOLDFAST_HELM'] = named;
        const error = await failure(findHelm());
        expect(error).to.include({ kind: 'environment', object: named });
        expect(error.hint).to.contain('unset it');
      }
    });

    it('takes the one on the PATH before the one in the cache', async () => {
      process.env['HOLDFAST_CACHE'] = folder;
      await program(`bin/helm-${helmVersion}`, 'echo cached');
      await program('path/helm', 'echo v3.22.0');
      process.env['PATH'] = `${join(folder, 'path')}:${before['PATH'] ?? ''}`;
      expect(await findHelm()).to.equal('helm');
    });

    it('takes the one in the cache where none is installed', async () => {
      process.env['HOLDFAST_CACHE'] = folder;
      const cached = await program(`bin/helm-${helmVersion}`, 'echo v3.22.0');
      process.env['PATH'] = join(folder, 'empty');
      expect(await findHelm()).to.equal(cached);
    });

    it('says what to install where there is neither Helm nor Go', async () => {
      process.env['HOLDFAST_CACHE'] = folder;
      process.env['PATH'] = join(folder, 'empty');
      const said: string[] = [];
      const error = await failure(findHelm((line) => said.push(line)));
      expect(error.kind).to.equal('environment');
      expect(error.hint).to.contain('install Helm').and.to.contain('Go');
      expect(said.join()).to.contain(`building ${helmVersion}`);
    });
  });

  describe('helmClient', () => {
    it('binds the kubeconfig and keeps the rest of the environment', async () => {
      const helm = await program('helm', 'echo "$KUBECONFIG $1 ${PATH:+path}"');
      expect(await helmClient(helm, '/tmp/kc').succeed(['list'])).to.equal('/tmp/kc list path');
    });

    it('throws in the words of Helm, or returns them', async () => {
      const helm = await program('helm', 'echo "Error: no such release" >&2; exit 1');
      const client = helmClient(helm);
      const error = await failure(client.succeed(['status', 'web']));
      expect(error.message).to.equal('helm status failed: no such release');
      expect(error.object).to.equal('helm status web');
      expect((await client.run(['status'])).exitCode).to.equal(1);
    });

    it('says its version without the commit', async () => {
      const helm = await program('helm', 'echo v3.22.0+gabcdef');
      expect(await helmClient(helm).version()).to.equal('v3.22.0');
    });
  });
});
