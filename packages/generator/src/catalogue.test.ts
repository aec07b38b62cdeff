import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { findApplication, listApplications, listFeatures } from './catalogue.ts';

const real = fileURLToPath(new URL('../../../templates', import.meta.url));

async function refusal(promise: Promise<unknown>): Promise<HoldfastError> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof HoldfastError) return error;
  throw error as Error;
}

describe('the catalogue', () => {
  let templates = '';
  beforeEach(async () => {
    templates = await mkdtemp(join(tmpdir(), 'holdfast-catalogue-'));
  });
  afterEach(() => rm(templates, { recursive: true }));

  async function put(path: string, text: string): Promise<void> {
    await mkdir(join(templates, path, '..'), { recursive: true });
    await writeFile(join(templates, path), text);
  }

  it('has the applications by name, as far as they tell something of themselves', async () => {
    await put('wave/app.yaml', 'name: wave\ndescription: Waves\nappVersion: 1.5\nroles: none\n');
    await put('tide/app.yaml', 'name: tide\nversion: 2.0.0\n');
    await put('tide/files/scripts/start.sh', 'exec tide\n');
    await put('_shared/app.yaml', 'name: _shared\n');
    await put('notes/README.md', 'not an application\n');
    await put('.DS_Store/app.yaml', 'of no use\n');
    expect(await listApplications(templates)).to.deep.equal([
      {
        name: 'tide',
        description: '',
        version: '2.0.0',
        appVersion: '',
        dir: join(templates, 'tide'),
      },
      {
        name: 'wave',
        description: 'Waves',
        version: '0.1.0',
        appVersion: '1.5',
        dir: join(templates, 'wave'),
      },
    ]);
  });

  it('refuses an app.yaml that is not YAML, and one with another name than its folder', async () => {
    await put('tide/app.yaml', 'name: [tide\n');
    const broken = await refusal(listApplications(templates));
    expect(broken.kind).to.equal('badInput');
    expect(broken.object).to.match(/tide\/app\.yaml:\d+:\d+$/);
    await put('tide/app.yaml', 'name: ebb\n');
    expect(await refusal(listApplications(templates))).to.include({
      message: 'the application calls itself "ebb"',
      object: join(templates, 'tide/app.yaml'),
    });
  });

  it('finds an application by its name alone', async () => {
    await put('tide/app.yaml', 'name: tide\n');
    expect(await findApplication(templates, 'tide')).to.equal(join(templates, 'tide'));
    for (const name of ['../tide', 'tide/', '.', '_shared', '']) {
      const error = await refusal(findApplication(templates, name));
      expect(error).to.include({ kind: 'badInput', object: name });
    }
  });

  it('names the nearest application, and where to see them all', async () => {
    await put('tide/app.yaml', 'name: tide\n');
    expect((await refusal(findApplication(templates, 'tidy'))).hint).to.match(
      /^did you mean "tide"\? \(all of them: holdfast list\)$/,
    );
    await rm(join(templates, 'tide'), { recursive: true });
    expect((await refusal(findApplication(templates, 'tidy'))).hint).to.match(/^none comes/);
  });

  it('has every feature with what it adds to a chart', async () => {
    const features = await listFeatures(real);
    const folders = (await readdir(join(real, '_shared'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(features.map(({ name }) => name)).to.have.members(folders);
    for (const feature of features) {
      expect(feature.description, feature.name).to.match(/^\S.*\S$/);
      expect(feature.default, feature.name).to.equal(feature.when === '');
      expect(folders, feature.name).to.include.members(feature.requires);
      expect(folders, feature.name).to.include.members(feature.conflicts);
    }
    expect(features[0]?.name).to.equal('names-and-labels');
  });

  it('refuses a feature.yaml that is wrong', async () => {
    await cp(join(real, '_shared/resources'), join(templates, '_shared/resources'), {
      recursive: true,
    });
    await put('_shared/resources/feature.yaml', 'name: resources\n');
    expect((await refusal(listFeatures(templates))).object).to.contain('resources/feature.yaml');
  });
});
