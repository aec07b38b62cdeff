import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { HoldfastError } from '@holdfast/core';
import { camelCase } from '../camel-case.ts';
import { type Chart, chartsInFull, committed, generated, root } from './chart.fixture.ts';
import {
  type Rendered,
  everyChart,
  findClient,
  inPairs,
  kubeVersion,
  render,
} from './render.fixture.ts';
import { at, isData, nested, overlaid, type Data } from './data.fixture.ts';
import { idOf } from './objects.fixture.ts';
import type { Schema } from './schema.fixture.ts';

interface Feature {
  name: string;
  requires?: string[];
  when?: string;
  manifests?: { guard?: string }[];
  slots?: { slot: string; template: string; with?: string; if?: string }[];
  off?: Data;
}

const folder = join(root, 'templates', '_shared');
const features = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => parse(readFileSync(join(folder, name, 'feature.yaml'), 'utf8')) as Feature);

/** The paths of all leaves of values. */
function pathsOf(values: Data, path: string[] = []): [string[], unknown][] {
  return Object.entries(values).flatMap(([key, value]): [string[], unknown][] =>
    isData(value) ? pathsOf(value, [...path, key]) : [[[...path, key], value]],
  );
}

function isKnown(schema: Schema, path: readonly string[]): boolean {
  let node: Schema | undefined = schema;
  for (const step of path) {
    // What stands below a map of any keys is known as well.
    if (node?.properties === undefined) return node?.type === 'object';
    node = node.properties[step];
  }
  return node !== undefined;
}

/** The values that turn a feature off: at the root, and for every role that has them of its own. */
async function valuesOff(chart: Chart, off: Data): Promise<Data> {
  const schema = await chart.schema();
  const text = await readFile(join(await chart.definition(), 'app.yaml'), 'utf8');
  const { roles } = parse(text) as { roles: { name: string }[] };
  const places = [[], ...roles.map(({ name }) => [camelCase(name)])];
  return places
    .flatMap((place) =>
      pathsOf(off)
        .map(([path, value]) => [[...place, ...path], value] as const)
        .filter(([path]) => isKnown(schema, path))
        .map(([path, value]) => nested(path, value)),
    )
    .reduce(overlaidWithNulls, {});
}

/** As Helm's values are laid over one another, but null stays: Helm takes the key away. */
function overlaidWithNulls(under: Data, over: Data): Data {
  const entries = Object.entries(over).map(([key, value]): [string, unknown] => {
    const there = under[key];
    return [key, isData(there) && isData(value) ? overlaidWithNulls(there, value) : value];
  });
  return { ...under, ...Object.fromEntries(entries) };
}

/** Objects by what they are: comments and order of manifests do not count. */
function byId({ objects }: Rendered): Data {
  return Object.fromEntries(objects.map((object) => [idOf(object), object]));
}

/** The chart without a feature; undefined where another feature needs it. */
async function smaller(chart: Chart, feature: string): Promise<Chart | undefined> {
  const definition = () => chart.definition();
  const small = generated(chart.title, chart.name, definition, { without: [feature] });
  return small.dir().then(
    () => small,
    (error: unknown) => {
      expect(error, feature).to.be.instanceOf(HoldfastError);
      expect((error as Error).message, feature).to.match(/needs the feature/);
      return undefined;
    },
  );
}

async function compare(small: Chart, chart: Chart, feature: Feature): Promise<void> {
  const off = await valuesOff(chart, feature.off ?? {});
  // What every chart has needs fewer sets than what an application brings: its sets are about that.
  const few = committed.includes(chart) && feature.when ? /./ : /^(default|many|everything)-/;
  const sets = (await small.sets()).filter(({ name }) => few.test(name));
  await inPairs(sets, async ({ name: set, values }) => {
    const one = byId(await render(small, { set }));
    const other = byId(await render(chart, { values: overlaidWithNulls(values, off) }));
    expect(one, `${feature.name} with ${set}`).to.deep.equal(other);
  });
}

everyChart((chart) => {
  const turnedOff = features.filter(({ off }) => off !== undefined);

  for (const feature of turnedOff) {
    it(`renders without the feature ${feature.name} as with it turned off`, async () => {
      const small = await smaller(chart, feature.name);
      if (small) await compare(small, chart, feature);
    });
  }

  it('renders without any other feature, or says which one needs it', async () => {
    const client = await findClient();
    for (const { name } of features.filter((feature) => !turnedOff.includes(feature))) {
      const small = await smaller(chart, name);
      if (!small) continue;
      const dir = await small.dir();
      for (const { name: set } of await small.sets()) {
        if (!/^(default|everything)-/.test(set)) continue;
        const args = ['lint', '--strict', dir, ...kubeVersion, '-f', join(dir, 'ci', set)];
        const { exitCode, stdout, stderr } = await client.run(args);
        expect(exitCode, `without ${name}, ${set}: ${stdout}${stderr}`).to.equal(0);
      }
    }
  });
}, chartsInFull);

/** Everything that a feature's templates say. */
async function textOf(name: string): Promise<string> {
  const dir = join(folder, name);
  const paths = (await readdir(dir, { recursive: true })).filter((path) => path.endsWith('.hbs'));
  const texts = await Promise.all(paths.map((path) => readFile(join(dir, path), 'utf8')));
  const { slots = [] } = features.find((feature) => feature.name === name) ?? {};
  return [...texts, ...slots.flatMap((slot) => [slot.with ?? '', slot.if ?? ''])].join('\n');
}

/** What a feature's texts and fragments give to others: named templates, values and slots. */
async function givenBy(name: string): Promise<Set<string>> {
  const dir = join(folder, name);
  const given = new Set<string>();
  for (const [, helper = ''] of (await textOf(name)).matchAll(/define "<% [\w.]+ %>\.(\w+)"/g)) {
    given.add(`template ${helper}`);
  }
  for (const [, slot = ''] of (await textOf(name)).matchAll(/<% slot "([\w.]+)"/g)) {
    given.add(`slot ${slot}`);
  }
  for (const path of (await readdir(dir)).filter((file) => /^values[.a-z]*\.yaml$/.test(file))) {
    const text = await readFile(join(dir, path), 'utf8');
    for (const [, key = ''] of text.matchAll(/^(\w+):/gm)) given.add(`value ${key}`);
  }
  return given;
}

/** What a feature's templates take from wherever it is given. */
async function takenBy(name: string): Promise<Set<string>> {
  const text = await textOf(name);
  const taken = new Set<string>();
  for (const [, helper = ''] of text.matchAll(/include "<% [\w.]+ %>\.(\w+)"/g)) {
    taken.add(`template ${helper}`);
  }
  for (const [, key = ''] of text.matchAll(/(?:\.Values|<% role\.values %>)\.(\w+)/g)) {
    taken.add(`value ${key}`);
  }
  const { slots = [], manifests = [] } = features.find((one) => one.name === name) ?? {};
  for (const { slot } of slots) taken.add(`slot ${slot}`);
  // Such a manifest is for the pods.
  if (manifests.some(({ guard }) => guard === 'pods')) taken.add('template podLabels');
  return taken;
}

/** The features that a feature needs, those of these included. */
function needed(name: string, seen = new Set<string>()): Set<string> {
  for (const other of features.find((feature) => feature.name === name)?.requires ?? []) {
    if (seen.has(other)) continue;
    seen.add(other);
    needed(other, seen);
  }
  return seen;
}

describe('features', () => {
  // What an application is made of; its pods are nothing without, although no template says so.
  const always = ['packaging', 'services', 'persistence', 'configuration', 'modes'];

  it('require the features whose templates and values they use', async () => {
    const given = new Map<string, Set<string>>();
    for (const { name } of features) given.set(name, await givenBy(name));
    const missing: string[] = [];
    for (const { name } of features) {
      const known = new Set([name, ...needed(name)].flatMap((one) => [...(given.get(one) ?? [])]));
      const all = new Set([...given.values()].flatMap((one) => [...one]));
      // A slot that is not there takes nothing, and what is for the pods is not there without them.
      const taken = [...(await takenBy(name))].filter(
        (thing) => !/^slot |^template podLabels$/.test(thing),
      );
      const other = taken.filter((thing) => all.has(thing) && !known.has(thing));
      missing.push(...other.map((thing) => `${name} uses the ${thing}`));
    }
    expect(missing).to.deep.equal([]);
  });

  it('require no feature that they use nothing of', async () => {
    const idle: string[] = [];
    for (const { name, requires = [] } of features) {
      const taken = await takenBy(name);
      for (const other of requires.filter((one) => !always.includes(one))) {
        const used = [...(await givenBy(other))].filter((thing) => taken.has(thing));
        if (used.length === 0) idle.push(`${name} requires ${other}`);
      }
    }
    expect(idle).to.deep.equal([]);
  });

  it('read the values of a role where they stand, below its name or not', async () => {
    const keysOf = async (file: RegExp) => {
      const paths = (await readdir(folder, { recursive: true })).filter((path) => file.test(path));
      const texts = await Promise.all(paths.map((path) => readFile(join(folder, path), 'utf8')));
      return texts.flatMap((text) => [...text.matchAll(/^(\w+):/gm)].map(([, key = '']) => key));
    };
    const ofCharts = new Set(await keysOf(/\/values\.yaml$/));
    const ofRoles = (await keysOf(/\/values\.role\.yaml$/)).filter((key) => !ofCharts.has(key));
    expect(ofRoles).to.include.members(['replicaCount', 'persistence', 'command']);
    for (const { name } of features) {
      const read = [...(await textOf(name)).matchAll(/\.Values\.(\w+)/g)].map(([, key]) => key);
      expect(
        read.filter((key) => ofRoles.includes(key ?? '')),
        name,
      ).to.deep.equal([]);
    }
  });

  it('are told from one another by their texts', async () => {
    expect([...(await givenBy('image'))]).to.include.members(['template image', 'value image']);
    expect([...(await takenBy('probes'))]).to.include('value diagnosticMode');
    expect(features.map(({ name }) => name)).to.include(
      basename(folder) === '_shared' ? 'tls' : '',
    );
    expect(at(overlaid({ a: 1 }, { a: null }), 'a')).to.equal(undefined);
  });
});
