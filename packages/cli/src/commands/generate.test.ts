import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { holdfast, scratchFolder, stillRunning } from '../holdfast.fixture.ts';

const example = fileURLToPath(new URL('../../../../examples/web', import.meta.url));

/** Changes the example's app.yaml into a folder "app" below the scratch folder. */
async function definition(scratch: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(join(example, 'app.yaml'), 'utf8');
  await mkdir(join(scratch, 'app'), { recursive: true });
  await writeFile(join(scratch, 'app', 'app.yaml'), change(text));
}

describe('holdfast generate', () => {
  after(() => {
    expect(stillRunning()).to.equal(0);
  });

  it('writes a chart, counts its files, and finds no drift afterwards', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    const first = await holdfast(['generate', example, '-o', 'out'], { cwd });
    expect(first).to.include({ code: 0, stderr: '' });
    expect(first.stdout).to.match(/^web \S+ → out\/web: [1-9]\d* created, 0 changed, 0 removed\n$/);
    const again = await holdfast(['generate', example, '-o', 'out'], { cwd });
    expect(again.stdout).to.contain('0 created, 0 changed, 0 removed');
    const check = await holdfast(['generate', example, '-o', 'out', '--check'], { cwd });
    expect(check).to.include({ code: 0, stderr: '' });
    expect(check.stdout).to.contain('out/web is as it is generated');
  });

  it('finds each kind of drift, says the remedy, and writes nothing under --check', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    await holdfast(['generate', example, '-o', 'out'], { cwd });
    await writeFile(join(cwd, 'out/web/values.yaml'), 'mine: true\n');
    await rm(join(cwd, 'out/web/values.schema.json'));
    await writeFile(join(cwd, 'out/web/templates/old.yaml'), 'kind: Old\n');
    const { code, stdout } = await holdfast(['generate', example, '-o', 'out', '--check'], { cwd });
    expect(code).to.equal(1);
    expect(stdout).to.match(/^ {2}changed +values\.yaml$/m);
    expect(stdout).to.match(/^ {2}missing +values\.schema\.json$/m);
    expect(stdout).to.match(/^ {2}stale +templates\/old\.yaml$/m);
    expect(stdout).to.contain(`holdfast generate ${example} --output out`);
    expect(await readFile(join(cwd, 'out/web/values.yaml'), 'utf8')).to.equal('mine: true\n');

    const mended = await holdfast(['generate', example, '--output', 'out'], { cwd });
    expect(mended.stdout).to.contain('1 created, 1 changed, 1 removed');
  });

  it('prints JSON alone on standard output where asked for', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    const { stdout } = await holdfast(['generate', example, '-o', 'out', '--json'], { cwd });
    const { charts } = JSON.parse(stdout) as { charts: { dir: string; created: string[] }[] };
    expect(charts[0]?.dir).to.equal('out/web');
    expect(charts[0]?.created).to.include('Chart.yaml');
    await rm(join(cwd, 'out/web/values.yaml'));
    const args = ['generate', example, '-o', 'out', '--check', '--json'];
    const check = await holdfast(args, { cwd });
    expect(check.code).to.equal(1);
    const drift = [{ path: 'values.yaml', kind: 'missing' }];
    const found = JSON.parse(check.stdout) as { charts: { drift: unknown }[] };
    expect(found.charts.map((chart) => chart.drift)).to.deep.equal([drift]);
  });

  const malformed: [string, (text: string) => string, RegExp, RegExp][] = [
    [
      'an unknown key',
      (text) => text.replace('replicas: 3', 'replica: 3'),
      /replica/,
      /\n {2}hint: did you mean "replicas"/,
    ],
    [
      'a wrong type',
      (text) => text.replace('replicas: 3', 'replicas: many'),
      /replicas/,
      /is not a number of replicas/,
    ],
    ['a bad quantity', (text) => text.replace('size: 1Gi', 'size: 1Gibi'), /1Gibi/, /such as 1Gi/],
  ];
  for (const [what, change, named, remedy] of malformed) {
    it(`refuses ${what} by file, line and with a hint, and writes nothing`, async () => {
      await using scratch = await scratchFolder();
      const cwd = scratch.path;
      await definition(cwd, change);
      const { code, stdout, stderr } = await holdfast(['generate', 'app', '-o', 'out'], { cwd });
      expect(code).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.match(/app\/app\.yaml:\d+/);
      expect(stderr).to.match(named);
      expect(stderr).to.match(remedy);
      expect(await readdir(cwd)).to.deep.equal(['app']);
    });
  }

  it('refuses what is not there, and a folder without app.yaml', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    const missing = await holdfast(['generate', 'nowhere'], { cwd });
    expect(missing.code).to.equal(2);
    expect(missing.stderr).to.contain('at: nowhere').and.to.contain('hint: ');
    await mkdir(join(cwd, 'empty'));
    const empty = await holdfast(['generate', 'empty'], { cwd });
    expect(empty.code).to.equal(2);
    expect(empty.stderr).to.contain('app.yaml').and.to.contain('at: empty');
  });

  it('takes the names of applications; a folder of that name comes first', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    const listed = await holdfast(['list', '--json']);
    const { applications } = JSON.parse(listed.stdout) as { applications: { name: string }[] };
    const names = applications.map(({ name }) => name);
    const [name = ''] = names;
    const all = await holdfast(['generate', '-o', 'out', '--json'], { cwd });
    expect(all.code).to.equal(0, all.stderr);
    const { charts } = JSON.parse(all.stdout) as { charts: { name: string }[] };
    expect(charts.map((chart) => chart.name)).to.deep.equal(names);
    const check = await holdfast(['generate', name, '-o', 'out', '--check'], { cwd });
    expect(check.code).to.equal(0, check.stdout + check.stderr);

    // An empty folder is none to generate from; one with a definition is.
    await mkdir(join(cwd, name));
    const beside = await holdfast(['generate', name, '-o', 'out', '--check'], { cwd });
    expect(beside.code).to.equal(0, beside.stderr);
    await cp(join(example, 'app.yaml'), join(cwd, name, 'app.yaml'));
    for (const named of [name, `./${name}`]) {
      const own = await holdfast(['generate', named, '-o', 'own'], { cwd });
      expect(own.stdout).to.match(/^web /);
    }
  });

  it('names the nearest application where there is none of a name', async () => {
    await using scratch = await scratchFolder();
    const listed = await holdfast(['list', '--json']);
    const { applications } = JSON.parse(listed.stdout) as { applications: { name: string }[] };
    const [{ name } = { name: '' }] = applications;
    const { code, stderr } = await holdfast(['generate', `${name}x`], { cwd: scratch.path });
    expect(code).to.equal(2);
    expect(stderr).to.contain(`hint: did you mean "${name}"?`).and.to.contain('holdfast list');
  });

  it('leaves features out and bakes defaults in, and the remedy says so again', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    await writeFile(join(cwd, 'our values.yaml'), 'replicaCount: 5\n');
    const changed = [
      ...['--without', 'helm-test', '--without', 'network-policy'],
      ...['--values', 'our values.yaml'],
    ];
    const made = await holdfast(['generate', example, '-o', 'out', ...changed], { cwd });
    expect(made.code).to.equal(0, made.stderr);
    const values = await readFile(join(cwd, 'out/web/values.yaml'), 'utf8');
    expect(values).to.contain('\nreplicaCount: 5\n').and.not.to.contain('networkPolicy');
    expect(await readdir(join(cwd, 'out/web/templates'))).not.to.include('tests');

    const check = ['generate', example, '-o', 'out', '--check'];
    expect((await holdfast([...check, ...changed], { cwd })).code).to.equal(0);
    expect((await holdfast(check, { cwd })).code).to.equal(1);
    await rm(join(cwd, 'out/web/values.yaml'));
    const { stdout } = await holdfast([...check, ...changed], { cwd });
    expect(stdout).to.contain(
      `generate ${example} --output out --without helm-test,network-policy --values 'our values.yaml'`,
    );
  });

  it('refuses defaults that are not there, or that a chart does not know, by chart', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    const absent = await holdfast(['generate', example, '--values', 'absent.yaml'], { cwd });
    expect(absent.code).to.equal(2);
    expect(absent.stderr).to.contain('at: --values absent.yaml');
    await writeFile(join(cwd, 'our.yaml'), '# ours\nreplicaCounts: 5\n');
    const unknown = await holdfast(['generate', example, '--values', 'our.yaml'], { cwd });
    expect(unknown.code).to.equal(2);
    expect(unknown.stderr).to.match(/^error: unknown key "replicaCounts"\n {2}at: our\.yaml:2:1 /);
    expect(unknown.stderr).to.contain('did you mean "replicaCount"?');
    await definition(cwd, (text) => text.replace('name: web', 'name: other'));
    const several = await holdfast(['generate', 'app', example, '--values', 'our.yaml'], { cwd });
    expect(several.stderr).to.match(/^error: app: unknown key/);
    expect((await readdir(cwd)).sort()).to.deep.equal(['app', 'our.yaml']);
  });

  it('refuses two definitions of one name before it writes either', async () => {
    await using scratch = await scratchFolder();
    const cwd = scratch.path;
    await cp(example, join(cwd, 'twin'), { recursive: true });
    const { code, stderr } = await holdfast(['generate', example, 'twin', '-o', 'out'], { cwd });
    expect(code).to.equal(2);
    expect(stderr).to.contain('two definitions have the name "web"');
    expect(await readdir(cwd)).to.deep.equal(['twin']);
  });

  it('says what is wrong with a place that can not be written to', async () => {
    const { code, stderr } = await holdfast(['generate', example, '-o', '/dev/null/charts']);
    expect(code).to.equal(2);
    expect(stderr)
      .to.match(/^error: .*\n {2}at: \/dev\/null/)
      .and.not.to.contain('defect');
  });
});
