import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { charts } from './chart.fixture.ts';
import { everyChart, findClient, kubeVersion } from './render.fixture.ts';
import { nested, overlaid } from './data.fixture.ts';
import {
  candidates,
  dotted,
  leavesNamed,
  leavesOf,
  mapsOf,
  typesOf,
  validatorOf,
  type Schema,
} from './schema.fixture.ts';

/** Values that are wrong by their type, their bounds or their spelling alone. */
function wrongFor(node: Schema): unknown[] {
  const types = typesOf(node);
  const ofOtherType = [
    ['boolean', true],
    ['integer', 3],
    ['string', 'text'],
    ['array', ['item']],
    ['object', { key: 'value' }],
  ] as const;
  const wrong: unknown[] = ofOtherType
    .filter(([type]) => types.length > 0 && !types.includes(type))
    .map(([, value]) => value);
  if (node.enum) wrong.push('no such choice', 3, {});
  if (types.includes('integer')) {
    wrong.push(1.5);
    if (node.minimum !== undefined) wrong.push(node.minimum - 1);
    if (node.maximum !== undefined) wrong.push(node.maximum + 1);
  }
  if (node.pattern !== undefined) wrong.push('\n', '§');
  if (node.items?.enum) wrong.push(['no such choice']);
  return wrong;
}

/** Rows of the README's tables: the key and its description. */
function documented(readme: string): Map<string, string> {
  const rows = readme.matchAll(/^\| `([^`]+)` \| (.*?) \| `.*` \|$/gm);
  return new Map([...rows].map(([, key = '', text = '']) => [key, text]));
}

describe('candidates', () => {
  it('are values that another schema takes, and not the default one', () => {
    const nodes: Schema[] = [
      { type: 'string', pattern: '^([0-9]+(s|m|h))+$', default: '7m' },
      { type: 'integer', minimum: 0, maximum: 1, default: 1 },
      { type: 'array', items: { type: 'integer', minimum: 1, maximum: 2 }, default: [] },
      {
        type: 'array',
        default: [],
        items: {
          type: 'object',
          required: ['name', 'count'],
          additionalProperties: false,
          properties: {
            name: { type: 'string', pattern: '^[a-z]+$' },
            count: { type: 'integer', minimum: 5 },
          },
        },
      },
      { enum: ['a', 'b'], default: 'a' },
    ];
    for (const node of nodes) {
      const takes = validatorOf(node);
      const some = candidates(node).filter((value) => takes(value));
      expect(some, JSON.stringify(node)).not.to.be.empty;
      expect(some).not.to.deep.include(node.default);
    }
  });
});

everyChart((chart) => {
  it('says where a value is wrong', async () => {
    const [client, dir, schema] = [await findClient(), await chart.dir(), await chart.schema()];
    const rejects = async (key: string, value: string) => {
      const args = ['lint', '--strict', dir, ...kubeVersion, '--set', `${key}=${value}`];
      const result = await client.run(args);
      expect(result.exitCode, args.join(' ')).not.to.equal(0);
      expect(result.stdout + result.stderr).to.contain(key.split('.').at(-1));
    };
    await rejects('fullnameOverrides', 'x');
    await rejects('image.tagg', '3');
    await rejects('global.imageRegistry', '3');
    const wrong: [string, string][] = [
      ['replicaCount', 'three'],
      ['persistence.size', 'big'],
      ['persistence.accessModes', '{Many}'],
    ];
    for (const [name, value] of wrong) {
      for (const leaf of leavesNamed(schema, name)) await rejects(dotted(leaf), value);
    }
  });

  it('takes each value set, and no value of another type, beyond its bounds or of no meaning', async () => {
    const [schema, defaults] = [await chart.schema(), await chart.defaults()];
    const takes = validatorOf(schema);
    for (const { name, values } of await chart.sets()) {
      expect(takes(overlaid(defaults, values)), `${name}: ${JSON.stringify(takes.errors)}`).to.be
        .true;
    }
    for (const leaf of leavesOf(schema)) {
      for (const value of wrongFor(leaf.node)) {
        const values = overlaid(defaults, nested(leaf.path, value));
        expect(takes(values), `${dotted(leaf)}: ${JSON.stringify(value)}`).to.be.false;
      }
    }
  });

  it('takes no key that it does not know, at any depth', async () => {
    const [schema, defaults] = [await chart.schema(), await chart.defaults()];
    const takes = validatorOf(schema);
    const open: string[] = [];
    for (const { path } of mapsOf(schema)) {
      if (takes(overlaid(defaults, nested([...path, 'noSuchKey'], 'x')))) open.push(path.join('.'));
    }
    // What Kubernetes knows more fields of than the chart names, and what umbrella charts share.
    const meant = /(^|\.)(global|updateStrategy|(pod|container)SecurityContext(\.\w+)?)$/;
    expect(open.filter((path) => !meant.test(path))).to.deep.equal([]);
  });

  it('documents every value: in values.yaml, in its schema, and in the README', async () => {
    const [schema, dir] = [await chart.schema(), await chart.dir()];
    const table = documented(await readFile(join(dir, 'README.md'), 'utf8'));
    const leaves = leavesOf(schema);
    expect([...table.keys()].sort()).to.deep.equal(leaves.map(dotted).sort());
    for (const leaf of leaves) {
      expect(table.get(dotted(leaf)), dotted(leaf)).to.match(/\w{2}/);
      expect(leaf.node.description, dotted(leaf)).to.match(/\w{2}/);
    }
    const values = (await readFile(join(dir, 'values.yaml'), 'utf8')).split('\n');
    const bare = values.filter(
      (line, index) => /^ *[\w-]+:/.test(line) && !/^ *#/.test(values[index - 1] ?? ''),
    );
    // What stands below a default that is a map is a part of it.
    const inside = leaves.flatMap(({ node }) => keysWithin(node.default));
    expect(bare.filter((line) => !inside.includes(line.trim().split(':')[0] ?? ''))).to.be.empty;
  });
});

function keysWithin(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [key, ...keysWithin(child)]);
}

describe('values of all charts', function () {
  this.timeout(60_000);
  it('are many', async () => {
    for (const chart of charts) expect(leavesOf(await chart.schema()).length).to.be.above(50);
  });
});
