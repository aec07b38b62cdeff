import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { errorOf } from './error.fixture.ts';
import { load, loadFolder } from './load.ts';

describe('load', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'holdfast-load-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function put(files: Record<string, string | Uint8Array>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await writeFile(join(dir, path), content);
    }
  }

  const least = { 'app/app.yaml': 'name: app\n', '_shared/x/feature.yaml': 'name: x\n' };

  it('takes of an application’s folder what goes into its chart, and nothing else', async () => {
    await put({
      ...least,
      'app/values.yaml': 'a',
      'app/values.role.yaml': 'b',
      'app/rules.yaml': 'c',
      'app/notes.txt.hbs': 'd',
      'app/ci/more.yaml': 'e',
      'app/files/config/app.conf': 'f',
      'app/files/alerts.yaml': 'g',
      'app/bad-values.yaml': 'values that the chart must refuse',
      'app/proof/driver.yaml': 'what proves the chart',
      'app/README.md': 'for people',
      'app/my-values.yaml': 'of the user',
      'app/values.yaml~': 'of an editor',
    });
    const { application, applicationDir, definition } = await load(join(dir, 'app'), dir);
    expect(Object.fromEntries(application)).to.deep.equal({
      'ci/more.yaml': 'e',
      'files/alerts.yaml': 'g',
      'files/config/app.conf': 'f',
      'notes.txt.hbs': 'd',
      'rules.yaml': 'c',
      'values.role.yaml': 'b',
      'values.yaml': 'a',
    });
    expect(applicationDir).to.equal(join(dir, 'app'));
    expect(definition).to.deep.equal({ file: join(dir, 'app/app.yaml'), text: 'name: app\n' });
  });

  it('takes nothing that editors and systems leave behind, at any depth', async () => {
    const leftovers = {
      'app/.DS_Store': new Uint8Array([0xff]),
      'app/.#notes.hbs': '',
      'app/files/.DS_Store': new Uint8Array([0xff]),
      'app/files/config/app.conf~': '',
      'app/files/config/.app.conf.swp': new Uint8Array([0xff]),
      'app/files/.git/config': '',
      'app/ci/.DS_Store': new Uint8Array([0xff]),
      '_shared/.DS_Store': new Uint8Array([0xff]),
      '_shared/x/.values.yaml.swp': new Uint8Array([0xff]),
      '_shared/x/values.yaml~': '',
    };
    await put({ ...least, ...leftovers, 'app/files/config/app.conf': 'a' });
    const { application, features } = await load(join(dir, 'app'), dir);
    expect([...application.keys()]).to.deep.equal(['files/config/app.conf']);
    expect([...features].map(([name, files]) => [name, ...files.keys()])).to.deep.equal([
      ['x', 'feature.yaml'],
    ]);
  });

  const misnamed = {
    '_shared/x/values.rol.yaml': 'did you mean "values.role.yaml"?',
    '_shared/x/feature.yml': 'did you mean "feature.yaml"?',
    '_shared/x/defaults.yaml':
      'known here: feature.yaml, values.yaml, values.role.yaml, values.volume.yaml, rules.yaml, rules.role.yaml',
    'app/values.rol.yaml': 'did you mean "values.role.yaml"?',
    'app/values.yml': 'did you mean "values.yaml"?',
    'app/rules.roles.yaml': 'did you mean "rules.role.yaml"?',
  };
  for (const [path, hint] of Object.entries(misnamed)) {
    it(`refuses a fragment of a name that nothing reads: ${path}`, async () => {
      await put({ ...least, [path]: 'a: 1\n' });
      expect(await errorOf(load(join(dir, 'app'), dir))).to.include({
        kind: 'badInput',
        message: 'nothing reads a file of this name',
        object: join(dir, path),
        hint,
      });
    });
  }

  it('takes the features by their folders, and the shared schemas beside them', async () => {
    await put({
      ...least,
      '_shared/x/ci/set.yaml': 'a',
      '_shared/y/feature.yaml': 'b',
      '_shared/definitions.yaml': 'image: {}\n',
      '_shared/README.md': 'for people',
    });
    const { features, definitions, featuresDir } = await load(join(dir, 'app'), dir);
    expect([...features.keys()].sort()).to.deep.equal(['x', 'y']);
    expect(features.get('x')?.get('ci/set.yaml')).to.equal('a');
    expect(definitions).to.deep.equal({
      file: join(dir, '_shared/definitions.yaml'),
      text: 'image: {}\n',
    });
    expect(featuresDir).to.equal(join(dir, '_shared'));
  });

  it('does without shared schemas where there are none', async () => {
    await put(least);
    expect((await load(join(dir, 'app'), dir)).definitions.text).to.equal('{}');
  });

  it('keeps text as it is: line ends, empty files, and characters of every language', async () => {
    const texts = { 'a.txt': 'a\r\nb', 'b.txt': '', 'c/d.txt': '\tΩ 海藻 🌊\n' };
    await put(texts);
    expect(Object.fromEntries(await loadFolder(dir))).to.deep.equal(texts);
  });

  const binary = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]);
  for (const path of ['files/config/logo.png', 'ci/more.yaml', 'notes.hbs']) {
    it(`refuses a file that is not text: ${path}`, async () => {
      await put({ ...least, [`app/${path}`]: binary });
      expect(await errorOf(load(join(dir, 'app'), dir))).to.include({
        kind: 'badInput',
        message: 'the file is not text in UTF-8',
        object: join(dir, 'app', path),
        hint: 'put binary files into the image',
      });
    });
  }

  it('leaves binary files that do not go into the chart alone', async () => {
    await put({ ...least, 'app/logo.png': binary, 'app/proof/data.bin': binary });
    expect((await load(join(dir, 'app'), dir)).application.size).to.equal(0);
  });

  it('names folders that do not exist', async () => {
    await put(least);
    expect(await errorOf(load(join(dir, 'none'), dir))).to.include({
      kind: 'badInput',
      message: 'the folder does not exist',
      object: join(dir, 'none'),
    });
    expect(await errorOf(load(join(dir, 'app'), join(dir, 'app')))).to.include({
      kind: 'badInput',
      object: join(dir, 'app/_shared'),
    });
  });
});
