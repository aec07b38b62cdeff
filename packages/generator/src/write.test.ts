import { expect } from 'chai';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GeneratedChart } from './chart.ts';
import { compareChart, writeChart } from './write.ts';

function chart(files: Record<string, string>, name = 'demo'): GeneratedChart {
  const yaml = `name: ${name}\nannotations:\n  holdfast.dev/application: ${name}\n`;
  return {
    name,
    version: '0.1.0',
    files: new Map(Object.entries({ 'Chart.yaml': yaml, ...files })),
  };
}

describe('writeChart and compareChart', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'holdfast-write-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('writes a chart into a folder that does not exist yet', async () => {
    const out = join(dir, 'a', 'b');
    const result = await writeChart(chart({ 'templates/x.yaml': 'x' }), out);
    expect(result.created).to.deep.equal(['Chart.yaml', 'templates/x.yaml']);
    expect(await readFile(join(out, 'templates/x.yaml'), 'utf8')).to.equal('x');
    expect(await compareChart(chart({ 'templates/x.yaml': 'x' }), out)).to.deep.equal([]);
  });

  it('tells what is missing, changed and stale, and mends it', async () => {
    await writeChart(
      chart({ 'values.yaml': 'a', 'templates/old.yaml': 'o', 'README.md': 'r' }),
      dir,
    );
    const next = chart({ 'values.yaml': 'b', 'templates/new.yaml': 'n', 'README.md': 'r' });
    expect(await compareChart(next, dir)).to.deep.equal([
      { path: 'templates/new.yaml', kind: 'missing' },
      { path: 'templates/old.yaml', kind: 'stale' },
      { path: 'values.yaml', kind: 'changed' },
    ]);
    expect(await writeChart(next, dir)).to.deep.equal({
      created: ['templates/new.yaml'],
      changed: ['values.yaml'],
      removed: ['templates/old.yaml'],
      unchanged: ['Chart.yaml', 'README.md'],
    });
    expect(await compareChart(next, dir)).to.deep.equal([]);
  });

  it('leaves what somebody put beside the generated files', async () => {
    await writeChart(chart({}), dir);
    await writeFile(join(dir, 'my-values.yaml'), 'mine');
    await writeChart(chart({ 'values.yaml': 'a' }), dir);
    expect(await readFile(join(dir, 'my-values.yaml'), 'utf8')).to.equal('mine');
    expect(await compareChart(chart({ 'values.yaml': 'a' }), dir)).to.deep.equal([]);
  });

  it('tells every file of a folder that does not exist', async () => {
    const drift = await compareChart(chart({}), join(dir, 'none'));
    expect(drift).to.deep.equal([{ path: 'Chart.yaml', kind: 'missing' }]);
  });

  const foreign: [string, Record<string, string>][] = [
    ['is somebody else’s', { 'notes.txt': 'mine' }],
    ['holds a chart written by hand', { 'Chart.yaml': 'name: demo\n' }],
    ['holds a Chart.yaml that cannot be read', { 'Chart.yaml': ': [' }],
    ['holds another chart', { 'Chart.yaml': 'annotations:\n  holdfast.dev/application: other\n' }],
  ];
  for (const [what, files] of foreign) {
    it(`refuses a folder that ${what}`, async () => {
      for (const [path, text] of Object.entries(files)) await writeFile(join(dir, path), text);
      const error: unknown = await writeChart(chart({}), dir).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('kind', 'badInput');
      expect(error).to.have.property('object', dir);
    });
  }

  it('refuses a file in the place of the folder', async () => {
    const file = join(dir, 'file');
    await writeFile(file, 'x');
    const error: unknown = await writeChart(chart({}), file).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('kind', 'badInput');
  });

  it('writes into an empty folder', async () => {
    await mkdir(join(dir, 'empty'));
    const { created } = await writeChart(chart({}), join(dir, 'empty'));
    expect(created).to.deep.equal(['Chart.yaml']);
  });
});
