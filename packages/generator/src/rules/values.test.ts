import { expect } from 'chai';
import { type Chart, chartsInFull, committed } from './chart.fixture.ts';
import {
  everyChart,
  findClient,
  inPairs,
  kubeVersion,
  namespace,
  parsed,
  render,
} from './render.fixture.ts';
import { at, nested, overlaid, type Data } from './data.fixture.ts';
import { candidates, dotted, inOrder, leavesOf, validatorOf, type Leaf } from './schema.fixture.ts';
import { rollsBetween } from './upgrade.fixture.ts';

/** A value that changed what is rendered: with which set, and how. */
interface Change {
  set: string;
  value: unknown;
  before: string;
  later: string;
}

/** More candidates: what the sets have at this place. */
function seen(sets: readonly { values: Data }[], { path }: Leaf): unknown[] {
  const found = sets.map(({ values }) => at(values, ...path));
  return found.filter((value) => value !== undefined && value !== null);
}

/** Looks for a value of a key, among some, that changes what a set of values renders. */
async function changeIn(
  chart: Chart,
  set: string,
  leaf: Leaf,
  values: readonly unknown[],
  more: readonly string[] = [],
): Promise<Change | undefined> {
  const [client, dir] = [await findClient(), await chart.dir()];
  const { text: before } = await render(chart, { set });
  for (const value of values) {
    const args = ['template', 'x', dir, '--namespace', namespace, ...kubeVersion];
    args.push('-f', `${dir}/ci/${set}`, '-f', '-');
    const input = JSON.stringify(nested(leaf.path, value));
    const { exitCode, stdout: later } = await client.run([...args, ...more], { input });
    if (exitCode === 0 && later !== before) return { set, value, before, later };
  }
  return undefined;
}

/**
 * Looks for a value set and a value of a key that together render something else. What the schema
 * refuses is not rendered, and sets that say something of the key or its neighbours come first.
 */
async function changeBy(
  chart: Chart,
  leaf: Leaf,
  takes: (data: unknown) => boolean,
): Promise<Change | undefined> {
  const [sets, defaults] = [inOrder(await chart.sets(), leaf.path), await chart.defaults()];
  const values = [...seen(sets, leaf), ...candidates(leaf.node), leaf.node.default];
  const tries = sets.map((set) => {
    const given = overlaid(defaults, set.values);
    const there = JSON.stringify(at(given, ...leaf.path));
    const taken = values.filter(
      (value) =>
        JSON.stringify(value) !== there && takes(overlaid(given, nested(leaf.path, value))),
    );
    return { set: set.name, taken };
  });
  // Nearly always the first value does.
  for (const [from, to] of [
    [0, 1],
    [1, 3],
  ]) {
    for (const { set, taken } of tries) {
      const change = await changeIn(chart, set, leaf, taken.slice(from, to));
      if (change) return change;
    }
  }
  // Where the schema lets a key change only together with another one, the templates must read it.
  const [first] = sets;
  return first && changeIn(chart, first.name, leaf, values, ['--skip-schema-validation']);
}

/**
 * The values to try: of an invented chart those that no committed chart has, be it for another role.
 * Another test sees that the templates of a role read the values of that role.
 */
async function triedOf(chart: Chart): Promise<Leaf[]> {
  const leaves = leavesOf(await chart.schema());
  if (committed.includes(chart)) return leaves;
  const schemas = await Promise.all(committed.map((one) => one.schema()));
  const known = new Set(schemas.flatMap((schema) => leavesOf(schema).map(dotted)));
  return leaves.filter(({ path, node }) =>
    [path, path.slice(1)].every((one) => !known.has(dotted({ path: one, node }))),
  );
}

everyChart((chart) => {
  const changes = new Map<string, Change>();

  it('has no dead value: each changes what is rendered with some value set', async () => {
    const takes = validatorOf(await chart.schema());
    const dead: string[] = [];
    await inPairs(await triedOf(chart), async (leaf) => {
      const change = await changeBy(chart, leaf, takes);
      if (change) changes.set(dotted(leaf), change);
      else dead.push(dotted(leaf));
    });
    expect(dead).to.deep.equal([]);
  });

  it('rolls the pods by every value that changes what they mount', () => {
    expect(changes).not.to.be.empty;
    const content = /^kind: (ConfigMap|Secret)$/m;
    for (const [key, { set, before, later }] of changes) {
      const [old, now] = [before, later].map((text) =>
        text.split(/^---$/m).filter((one) => content.test(one)),
      );
      // Names of all objects change with these, and those of ConfigMaps and Secrets with them.
      if (/nameOverride$/i.test(key) || old?.join() === now?.join()) continue;
      const { rolled, concerned } = rollsBetween(parsed(before).objects, parsed(later).objects);
      expect(rolled, `${key} with ${set}`).to.include.members(concerned);
    }
  });
}, chartsInFull);
