import { expect } from 'chai';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Chart, invented } from './chart.fixture.ts';
import {
  everyChart,
  findClient,
  kubeVersion,
  long,
  parsed,
  render,
  renderSets,
} from './render.fixture.ts';
import { newFolder, writeFiles } from './scratch.fixture.ts';
import { at, isData, listAt, strings, type Data, type Resource } from './data.fixture.ts';
import { idOf, matches, mounted, ofKind, podsOf, selectorOf } from './objects.fixture.ts';

/** A chart that a chart stands in, under one or several names. */
async function umbrella(
  chart: Chart,
  dependencies: readonly Data[],
  values: Data,
): Promise<string> {
  const dir = await newFolder();
  const about = { apiVersion: 'v2', name: 'parent', version: '0.1.0' };
  const all = dependencies.map((one) => ({ name: chart.name, version: '>=0.0.0-0', ...one }));
  await writeFiles(dir, {
    'Chart.yaml': stringify({ ...about, dependencies: all }),
    'values.yaml': stringify(values),
  });
  await cp(await chart.dir(), join(dir, 'charts', chart.name), { recursive: true });
  return dir;
}

async function renderUmbrella(dir: string, args: readonly string[] = []): Promise<Resource[]> {
  const client = await findClient();
  const text = await client.succeed(['template', 'release', dir, ...kubeVersion, ...args]);
  return parsed(text).objects;
}

/** Selectors of pods anywhere in an object: those of policies and of affinities included. */
function selectorsIn(node: unknown): Data[] {
  if (Array.isArray(node)) return node.flatMap(selectorsIn);
  if (!isData(node)) return [];
  const own = isData(node['matchLabels']) ? [node['matchLabels']] : [];
  return [...own, ...Object.values(node).flatMap(selectorsIn)];
}

/** Names that pods refer to: those of ConfigMaps and Secrets that are mounted, and of accounts. */
function references(objects: readonly Resource[]): string[] {
  return podsOf(objects).flatMap((pods) => [
    // A test runs under the account that every namespace has.
    ...(pods.spec['serviceAccountName'] === undefined
      ? []
      : [`account ${pods.spec['serviceAccountName'] as string}`]),
    ...mounted(pods, 'ConfigMap').map((name) => `ConfigMap ${name}`),
    ...mounted(pods, 'Secret').map((name) => `Secret ${name}`),
  ]);
}

/** Where two installations of a chart get in each other's way. */
function collisions(one: readonly Resource[], other: readonly Resource[]): string[] {
  const names = one.map(idOf);
  const found = other
    .map(idOf)
    .filter((id) => names.includes(id))
    .map((id) => `twice: ${id}`);
  for (const [some, theirs] of [
    [one, other],
    [other, one],
  ] as const) {
    const pods = podsOf(theirs);
    for (const object of some) {
      const selector = selectorOf(object);
      // A monitor selects Services.
      const monitor = object.kind === 'ServiceMonitor';
      const selectors = [selector ?? [], monitor ? [] : selectorsIn(object)].flat();
      const taken = monitor ? ofKind(theirs, 'Service').map((one) => one.metadata.labels) : [];
      const wanted = at(object, 'spec', 'selector', 'matchLabels');
      if (taken.some((labels) => matches(wanted, labels))) found.push(`asks: ${idOf(object)}`);
      for (const { owner, labels } of pods) {
        if (selectors.some((each) => matches(each, labels))) {
          found.push(`selects: ${idOf(object)} ${idOf(owner)}`);
        }
      }
    }
  }
  const theirs = references(other);
  const shared = references(one).filter((reference) => theirs.includes(reference));
  return [...found, ...[...new Set(shared)].map((reference) => `shares: ${reference}`)];
}

/** What the release's values name, and what belongs to no release. */
const named = /extra|ConfigMap settings$|Secret credentials$|custom$/;

everyChart((chart) => {
  it('can be a dependency of a chart that shares global values and turns it on', async () => {
    const values = { global: { ours: { x: 1 }, imageRegistry: 'registry.example.org' } };
    const dir = await umbrella(chart, [{ condition: `${chart.name}.enabled` }], {
      ...values,
      [chart.name]: { enabled: true },
    });
    const objects = await renderUmbrella(dir);
    expect(objects.length).to.be.above(3);
    for (const { metadata } of objects) {
      expect(metadata.name).to.match(new RegExp(`^release-${chart.name}(-|$)`));
    }
    const images = objects.flatMap((object) =>
      strings(object).filter(([path]) => /\/containers\/\d+\/image$/.test(path)),
    );
    expect(images).not.to.be.empty;
    for (const [path, image] of images) expect(image, path).to.match(/^registry\.example\.org\//);
    expect(await renderUmbrella(dir, ['--set', `${chart.name}.enabled=false`])).to.deep.equal([]);
  });

  it('stands twice in one release, under two names, and neither gets in the way', async () => {
    const aliases = ['first', 'second'];
    const dir = await umbrella(
      chart,
      aliases.map((alias) => ({ alias })),
      { global: { imageRegistry: 'registry.example.org' } },
    );
    const objects = await renderUmbrella(dir);
    const [first = [], second = []] = aliases.map((alias) =>
      objects.filter(({ metadata }) => metadata.name.includes(alias)),
    );
    expect(first.length).to.equal(second.length).and.to.be.above(3);
    expect(first.length + second.length).to.equal(objects.length);
    expect(collisions(first, second)).to.deep.equal([]);
  });

  it('stands twice in one namespace, as two releases, and neither gets in the way', async () => {
    const [one, other] = [await renderSets(chart), await renderSets(chart, { release: long })];
    one.forEach(({ set, rendered }, index) => {
      const found = collisions(rendered.objects, other[index]?.rendered.objects ?? []);
      expect(
        found.filter((collision) => !named.test(collision)),
        set,
      ).to.deep.equal([]);
    });
  });
});

describe('rules of installations side by side', function () {
  this.timeout(60_000);

  it('find two of the same name, one that selects the other, and a Secret of both', async () => {
    const [chart] = invented.slice(-1);
    if (!chart) return;
    const one = structuredClone((await render(chart, { release: 'one' })).objects);
    const two = structuredClone((await render(chart, { release: 'two' })).objects);
    expect(collisions(one, two)).to.deep.equal([]);
    const [policy, service] = ['NetworkPolicy', 'Service'].map((kind) => ofKind(one, kind)[0]);
    if (!policy || !service) throw new Error('nothing to damage');
    delete (at(policy, 'spec', 'podSelector', 'matchLabels') as Data)['app.kubernetes.io/instance'];
    service.metadata.name = ofKind(two, 'Service')[0]?.metadata.name ?? '';
    const volumes = (objects: Resource[]) =>
      listAt(ofKind(objects, 'StatefulSet')[0], 'spec', 'template', 'spec', 'volumes');
    for (const all of [one, two]) volumes(all).push({ name: 's', secret: { secretName: 'both' } });
    const kinds = collisions(one, two).map((collision) => collision.split(':')[0]);
    expect(new Set(kinds)).to.deep.equal(new Set(['twice', 'selects', 'shares']));
  });
});
