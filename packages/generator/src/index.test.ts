import { expect } from 'chai';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorOf } from './error.fixture.ts';
import { compareChart, generateChart } from './index.ts';
import { applications } from './rules/chart.fixture.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const example = join(root, 'examples/web');

describe('generateChart', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'holdfast-generate-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function appYaml(edit: (text: string) => string): Promise<string> {
    const text = await readFile(join(example, 'app.yaml'), 'utf8');
    await writeFile(join(dir, 'app.yaml'), edit(text));
    return dir;
  }

  async function templates(): Promise<string> {
    const copy = join(dir, 'templates');
    await cp(join(root, 'templates/_shared'), join(copy, '_shared'), { recursive: true });
    return copy;
  }

  for (const name of ['web']) {
    it(`gives what is committed as charts-out/${name}`, async () => {
      const chart = await generateChart(join(root, 'examples', name));
      expect(await compareChart(chart, join(root, 'charts-out', name))).to.deep.equal([]);
    });
  }

  it('gives the same bytes for the same input', async () => {
    const [one, two] = [await generateChart(example), await generateChart(example)];
    expect([...one.files]).to.deep.equal([...two.files]);
  });

  for (const dir of applications) {
    const name = dir.slice(root.length);
    it(`leaves no tag, trailing space or long line in templates of ${name}`, async () => {
      const { files } = await generateChart(dir);
      for (const [path, text] of files) {
        expect(text, path).not.to.match(/<%|%>|[\uE000-\uE00F]/);
        expect(text, path).to.match(/[^\n]\n$/);
        if (path.startsWith('templates/')) {
          expect(text, path).not.to.match(/[ \t]$/m);
          expect(text, path).not.to.match(/^.{141}/m);
        }
      }
    });
  }

  it('leaves a feature out with all that it brings', async () => {
    const with_ = await generateChart(example);
    const without = await generateChart(
      await appYaml((text) => `${text}without: [network-policy, helm-test]\n`),
    );
    const gone = [...with_.files.keys()].filter((path) => !without.files.has(path));
    expect(gone).to.deep.equal([
      'templates/network-policy.yaml',
      'templates/tests/connection.yaml',
    ]);
    expect(without.files.get('values.yaml')).not.to.contain('networkPolicy');
    expect(without.files.get('values.schema.json')).not.to.contain('networkPolicy');
    expect(without.files.get('README.md')).not.to.contain('etwork policy');
    expect(without.files.get('ci/everything-values.yaml')).not.to.contain('networkPolicy');
  });

  it('refuses to leave out what does not exist or what others need', async () => {
    const typo = await errorOf(
      generateChart(await appYaml((text) => `${text}without: [network-polizy]\n`)),
    );
    expect(typo).to.include({ kind: 'badInput', hint: 'did you mean "network-policy"?' });
    const needed = await errorOf(
      generateChart(await appYaml((text) => `${text}without: [services]\n`)),
    );
    expect(needed.message).to.match(/needs the feature "services"/);
  });

  it('refuses a role among several whose name is that of a value', async () => {
    const role = '  - { name: image, workload: StatefulSet }\n';
    const error = await errorOf(generateChart(await appYaml((text) => text + role)));
    expect(error.message).to.equal('the role "image" has the name of a value that every chart has');
  });

  it('names a folder that does not exist, and one without app.yaml', async () => {
    const missing = await errorOf(generateChart(join(dir, 'none')));
    expect(missing).to.include({ kind: 'badInput', message: 'the folder does not exist' });
    expect(missing.object).to.contain('none');
    const empty = await errorOf(generateChart(dir));
    expect(empty).to.include({ kind: 'badInput', message: 'the folder holds no app.yaml' });
  });

  it('names a file below the working directory as the user does', async () => {
    const before = process.cwd();
    await mkdir(join(dir, 'app'));
    await writeFile(join(dir, 'app', 'app.yaml'), 'kind: 1\n');
    process.chdir(dir);
    try {
      expect((await errorOf(generateChart('app'))).object).to.equal('app/app.yaml');
    } finally {
      process.chdir(before);
    }
  });

  const damages: [string, string, (text: string) => string, RegExp][] = [
    [
      'an unknown path in a template',
      'workload/statefulset.yaml.hbs',
      (text) => text.replace('role.workload', 'role.wrkload').replace('role.name', 'role.nam'),
      /statefulset\.yaml\.hbs:\d+:\d+$/,
    ],
    [
      'an unknown key in feature.yaml',
      'probes/feature.yaml',
      (text) => `${text}slot: x\n`,
      /probes\/feature\.yaml:\d+:1 slot$/,
    ],
    [
      'a template that is not there',
      'probes/feature.yaml',
      (text) => text.replace('template: probes', 'template: problems'),
      /probes\/feature\.yaml:\d+:\d+ slots\[0\]\.template$/,
    ],
    [
      'a slot that no template has',
      'workload/statefulset.yaml.hbs',
      (text) => text.replace(/.*slot "statefulset.claims".*\n/, ''),
      /persistence\/feature\.yaml:\d+:\d+ slots\[\d\]\.slot$/,
    ],
    [
      'a default that its schema refuses',
      'helm-test/values.yaml',
      (text) => text.replace('repository: curlimages/curl', 'repository: ""'),
      /helmTest/,
    ],
    [
      'values that are not YAML',
      'helm-test/values.yaml',
      (text) => text.replace('type: object', 'type: [object'),
      /helm-test\/values\.yaml$/,
    ],
    [
      'a value that is there twice',
      'helm-test/values.yaml',
      (text) => `${text}clusterDomain: { type: string, default: x, description: X }\n`,
      /helm-test\/values\.yaml clusterDomain$/,
    ],
  ];
  for (const [what, file, edit, object] of damages) {
    it(`refuses ${what}`, async () => {
      const copy = await templates();
      const path = join(copy, '_shared', file);
      const before = await readFile(path, 'utf8');
      expect(edit(before)).not.to.equal(before);
      await writeFile(path, edit(before));
      const error = await errorOf(generateChart(example, { templates: copy }));
      expect(error.kind).to.equal('badInput');
      expect(error.object).to.match(object);
    });
  }

  it('names no application in its own sources', async () => {
    const names = (await readdir(join(root, 'charts-out'))).map((name) => name);
    const here = fileURLToPath(new URL('.', import.meta.url));
    const sources = (await readdir(here)).filter((file) => /(?<!\.test)\.ts$/.test(file));
    for (const file of sources) {
      const code = (await readFile(join(here, file), 'utf8')).replaceAll(/\/\*\*?[^]*?\*\//g, '');
      for (const name of names) {
        if (file === 'load.ts') continue; // its hint points at the example
        expect(code, file).not.to.match(new RegExp(`\\b${name}\\b`));
      }
    }
  });
});
