import { expect } from 'chai';
import Docker from 'dockerode';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HoldfastError, poll } from '@holdfast/core';
import { parse } from 'yaml';
import { root } from '../holdfast.ts';
import { fingerprintLabel } from './build-image.ts';
import { ensureEngine } from './engine.ts';
import { fakeEngine, type FakeEngine, type Registry } from './fake-engine.fixture.ts';
import { prepareTestbed, setsFor, type Testbed } from './prepare.ts';
import { fingerprint, localReference, placesOf, readRecipes, testbedDir } from './recipes.ts';

const { signal } = new AbortController();

describe('test bed', () => {
  let folder: string;
  const formerHost = process.env['DOCKER_HOST'];
  const formerImages = process.env['HOLDFAST_IMAGES'];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-testbed-'));
    delete process.env['HOLDFAST_IMAGES'];
  });
  afterEach(async () => {
    if (formerHost === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = formerHost;
    if (formerImages !== undefined) process.env['HOLDFAST_IMAGES'] = formerImages;
    await rm(folder, { recursive: true, force: true });
  });

  const failure = async (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it did not fail'),
      (error: unknown) => error as HoldfastError,
    );

  describe('the engine', () => {
    it('is used as it is where one answers', async () => {
      await using engine = await fakeEngine(folder, 'answers');
      process.env['DOCKER_HOST'] = `unix://${engine.socket}`;
      const said: string[] = [];
      const say = (line: string) => said.push(line);
      await using found = await ensureEngine({ mayInstall: true, say, signal });
      expect(found.startedHere).to.equal(false);
      expect(said).to.deep.equal(['a Docker engine answers: nothing is started or installed']);
    });

    it('is not started where nobody allowed it, and the remedy is told', async () => {
      process.env['DOCKER_HOST'] = `unix://${folder}/absent.sock`;
      const error = await failure(ensureEngine({ mayInstall: false, say: () => {}, signal }));
      expect(error).to.be.instanceOf(HoldfastError);
      expect(error.kind).to.equal('environment');
      expect(error.message).to.match(/none is started here: /);
      expect(error.hint).to.include('--yes');
    });

    it('ends, and its routes with it, when the command that it was started for is killed', async () => {
      const log = join(folder, 'calls');
      for (const name of ['dockerd', 'ip']) {
        const wait =
          name === 'dockerd'
            ? 'trap "echo dockerd stops >>CALLS; exit" TERM; while :; do read -r -t 1 x <>PIPE; done'
            : '';
        const text = `#!/bin/bash\necho "$(basename "$0") $*" >>CALLS\n${wait}\n`;
        const script = text.replaceAll('CALLS', log).replaceAll('PIPE', join(folder, 'pipe'));
        await writeFile(join(folder, name), script, { mode: 0o755 });
      }
      const keeper = join(testbedDir, 'engine-keeper.ts');
      // A command that starts the keeper, tells its process id, and waits to be killed.
      const command = `
        const { spawn } = require('node:child_process');
        const stdio = ['pipe', 'ignore', 'ignore'];
        const keeper = spawn(process.execPath, [${JSON.stringify(keeper)}, 'daemon.json', ${JSON.stringify(join(folder, 'log'))}], { detached: true, stdio });
        console.log(keeper.pid);`;
      const child: ChildProcess = spawn(process.execPath, ['-e', command], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          PATH: `${folder}:${process.env['PATH'] ?? ''}`,
          DOCKER_HOST: `unix://${folder}/absent.sock`,
        },
      });
      const [pid] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
      const calls = async () => readFile(log, 'utf8').catch(() => '');
      const until = (what: string, done: (text: string) => boolean) =>
        poll(
          async () => {
            const saw = await calls();
            return done(saw) ? { done: true, value: saw } : { done: false, saw };
          },
          { what, limitMs: 8000, everyMs: 50 },
        );
      await until(
        'the engine and its routes',
        (text) => text.includes('dockerd --config') && text.includes('ip '),
      );
      child.kill('SIGKILL');
      const text = await until('the routes to be taken back', (seen) =>
        /ip route add[^]*ip route del/.test(seen),
      );
      expect(text).to.include('ip route add blackhole 10.42.0.0/15');
      expect(text).to.include('dockerd stops');
      await poll(
        () => {
          try {
            process.kill(Number(pid.toString()), 0);
            return Promise.resolve({ done: false, saw: 'still there' } as const);
          } catch {
            return Promise.resolve({ done: true, value: true } as const);
          }
        },
        { what: 'the keeper to end', limitMs: 5000, everyMs: 50 },
      );
    });
  });

  describe('images', () => {
    async function prepare(engine: FakeEngine, said: string[] = []): Promise<Testbed> {
      const docker = new Docker({ socketPath: engine.socket });
      const install = () => Promise.reject(new Error('a build was begun'));
      return prepareTestbed({ docker, install, folder, say: (line) => said.push(line), signal });
    }

    const decided = async (registry: Registry, work: (engine: FakeEngine) => Promise<void>) => {
      await using engine = await fakeEngine(folder, registry);
      await work(engine);
    };

    it('are pulled where their registry answers, each with the reason', () =>
      decided('answers', async (engine) => {
        const said: string[] = [];
        const testbed = await prepare(engine, said);
        const recipes = await readRecipes();
        const all = [...recipes.images, recipes.node].map(({ upstream }) => upstream);
        expect(engine.pulls).to.deep.equal(all);
        expect(testbed.k3s).to.equal(true);
        expect(testbed.sets).to.deep.equal({});
        expect(testbed.node).to.equal(recipes.node.upstream);
        expect(said.join('\n')).to.include('pulled in').and.to.include('(docker.io answers)');
        const again = await prepare(engine);
        expect(engine.pulls, 'nothing is pulled twice').to.deep.equal(all);
        expect(again.decisions[0]?.why).to.equal('the engine has the upstream image');
      }));

    it('are not built in the place of an image that the registry refuses', () =>
      decided('refuses', async (engine) => {
        const error = await failure(prepare(engine));
        expect(error.message).to.include('does not give the image');
        expect(error.hint).to.include('docker login');
      }));

    it('are decided one by one: what the engine has is used, what it lacks is built', () =>
      decided('is out of reach', async (engine) => {
        const { images } = await readRecipes();
        const [first] = images;
        engine.has.push(first?.upstream ?? '');
        const said: string[] = [];
        const error = await failure(prepare(engine, said));
        expect(error.message).to.equal('a build was begun');
        expect(said).to.have.lengthOf(1);
        expect(said[0]).to.include(`${first?.upstream ?? ''} pulled`);
        expect(said[0]).to.include('the engine has the upstream image');
      }));

    it('are not decided by a wish that is misspelled', () =>
      decided('answers', async (engine) => {
        process.env['HOLDFAST_IMAGES'] = 'biuld';
        const error = await failure(prepare(engine));
        expect(error.kind).to.equal('badInput');
        expect(error.object).to.equal('HOLDFAST_IMAGES=biuld');
      }));

    /** The images in a chart's values, by their keys. */
    function imagesIn(values: object, above = ''): Record<string, string> {
      const found: Record<string, string> = {};
      for (const [key, value] of Object.entries(values) as [string, unknown][]) {
        if (typeof value !== 'object' || value === null) continue;
        const { registry, repository, tag } = value as Record<string, string>;
        if (repository === undefined) Object.assign(found, imagesIn(value, `${above}${key}.`));
        else found[above + key] = `${registry ?? ''}/${repository}:${tag ?? ''}`;
      }
      return found;
    }

    it('are those that the charts name, at each place', async () => {
      const places = (await readRecipes()).images.flatMap((recipe) =>
        placesOf(recipe).map((place) => ({ ...place, upstream: recipe.upstream })),
      );
      const charts = await readdir(join(root, 'charts-out'));
      expect(['*', ...charts]).to.include.members(places.map(({ chart }) => chart));
      for (const chart of charts) {
        const text = await readFile(join(root, 'charts-out', chart, 'values.yaml'), 'utf8');
        const here = places.filter((place) => ['*', chart].includes(place.chart));
        const known = Object.fromEntries(here.map(({ key, upstream }) => [key, upstream]));
        expect(imagesIn(parse(text) as object), chart).to.deep.equal(known);
      }
    });

    it('stand in at every place that they are named for', () => {
      const recipe = { name: 'a', why: '', upstream: 'registry/a:1', packages: [] };
      expect(placesOf(recipe)).to.deep.equal([]);
      const values = { '*': 'helmTest.image', one: ['image', 'job.image'] };
      expect(placesOf({ ...recipe, values })).to.deep.equal([
        { chart: '*', key: 'helmTest.image' },
        { chart: 'one', key: 'image' },
        { chart: 'one', key: 'job.image' },
      ]);
    });

    it('become values of the charts that have a place for them, and of no others', () =>
      decided('is out of reach', async (engine) => {
        const recipes = await readRecipes();
        for (const recipe of [...recipes.images, recipes.node]) {
          const reference = localReference(recipe, recipes);
          engine.has.push(reference);
          engine.labels.set(reference, { [fingerprintLabel]: await fingerprint(recipe, recipes) });
        }
        const testbed = await prepare(engine);
        const sources = testbed.decisions.map(({ source }) => source);
        expect(new Set(sources)).to.deep.equal(new Set(['cached']));
        const at = (key: string, name: string) => [
          `${key}.registry=holdfast.local`,
          `${key}.repository=${name}`,
          `${key}.tag=trixie`,
        ];
        const test = at('helmTest.image', 'curl');
        expect(setsFor(testbed, 'unknown')).to.deep.equal(test);
        expect(setsFor(testbed, 'web')).to.have.members([...test, ...at('image', 'nginx')]);
        expect(setsFor(testbed, 'redis')).to.have.members([
          ...test,
          ...at('auth.job.image', 'curl'),
          ...at('image', 'redis'),
          ...at('metrics.image', 'redis-exporter'),
        ]);
      }));

    it('must be pulled where that is asked for', () =>
      decided('is out of reach', async (engine) => {
        process.env['HOLDFAST_IMAGES'] = 'pull';
        const error = await failure(prepare(engine));
        expect(error.kind).to.equal('environment');
        expect(error.object).to.include('docker.io/');
      }));

    it('that are built have names of their own', async () => {
      const recipes = await readRecipes();
      for (const recipe of [...recipes.images, recipes.node]) {
        expect(localReference(recipe, recipes)).to.match(/^holdfast\.local\/[a-z-]+:/);
      }
      expect(localReference(recipes.node, recipes)).to.equal(
        'holdfast.local/kubernetes-node:1.34.4',
      );
    });

    it('are built anew when what they are built from changes', async () => {
      const recipes = await readRecipes();
      const [first] = recipes.images;
      if (!first) throw new Error('no recipe');
      const before = await fingerprint(first, recipes);
      expect(await fingerprint(first, recipes)).to.equal(before);
      const more = { ...first, packages: [...first.packages, 'more'] };
      expect(await fingerprint(more, recipes)).not.to.equal(before);
      expect(await fingerprint(first, { ...recipes, suite: 'other' })).not.to.equal(before);
    });
  });
});
