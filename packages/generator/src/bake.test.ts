import { Ajv } from 'ajv';
import { expect } from 'chai';
import fc from 'fast-check';
import { HoldfastError } from '@holdfast/core';
import { stringify } from 'yaml';
import { bakeDefaults, defaultFindings, type LeftOut } from './bake.ts';
import type { ValueSchema } from './fragment.ts';
import { defaultsOf, printSchema, printValues } from './values-print.ts';
import type { Values } from './values.ts';

const leaf = (type: string | string[], value: unknown, more: ValueSchema = {}): ValueSchema => ({
  type,
  default: value,
  description: 'A value',
  ...more,
});
const map = (properties: Record<string, ValueSchema>, more: ValueSchema = {}): ValueSchema => ({
  type: 'object',
  description: 'Values',
  properties,
  ...more,
});

function valuesOf(properties: Record<string, ValueSchema>): Values {
  return { properties, rules: [], sections: new Map([['image', 'Image']]) };
}

const chart = valuesOf({
  image: map({
    registry: leaf('string', 'docker.io'),
    pullPolicy: {
      enum: ['Always', 'IfNotPresent'],
      default: 'IfNotPresent',
      description: 'When to pull the image',
    },
  }),
  replicaCount: leaf('integer', 3, { minimum: 0 }),
  resources: leaf('object', {
    requests: { cpu: '100m', memory: '128Mi' },
    limits: { memory: '256Mi' },
  }),
  affinity: leaf('object', {}),
  tolerations: leaf('array', [{ key: 'a' }]),
  maxUnavailable: leaf(['integer', 'string'], 1),
  either: leaf(['object', 'string'], ''),
  limit: leaf(['integer', 'null'], 5),
  updateStrategy: map({ type: leaf('string', 'RollingUpdate') }, { additionalProperties: true }),
});

function baked(text: string, leftOut: LeftOut[] = []): Record<string, unknown> {
  return defaultsOf(bakeDefaults(chart, 'org.yaml', text, leftOut).properties);
}

function refusal(text: string, leftOut: LeftOut[] = []): HoldfastError {
  try {
    baked(text, leftOut);
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  return expect.fail('it was not refused');
}

describe('bakeDefaults', () => {
  it('replaces the defaults that are given and no other', () => {
    const before = defaultsOf(chart.properties);
    expect(baked('image: { registry: registry.example.org }\nreplicaCount: 5\n')).to.deep.equal({
      ...before,
      image: { registry: 'registry.example.org', pullPolicy: 'IfNotPresent' },
      replicaCount: 5,
    });
  });

  it('leaves what it was given as it was, and shares nothing with it', () => {
    const before = structuredClone(chart.properties);
    const result = bakeDefaults(chart, 'org.yaml', 'resources: { limits: { cpu: 1 } }\n');
    expect(chart.properties).to.deep.equal(before);
    expect(result.sections).to.equal(chart.sections);
    expect(result.properties['affinity']).not.to.equal(chart.properties['affinity']);
  });

  it('merges maps that are passed through as Helm does: null takes a key away', () => {
    const { resources } = baked(
      'resources: { requests: { cpu: null, memory: 1Gi }, limits: null, claims: [{ name: x }] }\n',
    );
    expect(resources).to.deep.equal({ requests: { memory: '1Gi' }, claims: [{ name: 'x' }] });
    expect(baked('resources: null\n')['resources']).to.deep.equal({});
    expect(baked('affinity: { nodeAffinity: { a: null, b: 1 } }\n')['affinity']).to.deep.equal({
      nodeAffinity: { b: 1 },
    });
  });

  it('replaces lists as a whole, and what may be of several types by any of them', () => {
    expect(baked('tolerations: []\n')['tolerations']).to.deep.equal([]);
    expect(baked('maxUnavailable: 50%\n')['maxUnavailable']).to.equal('50%');
    expect(baked('either: { a: 1 }\n')['either']).to.deep.equal({ a: 1 });
    expect(baked('limit: null\n')['limit']).to.equal(null);
  });

  it('takes more keys where a map is open, and they can be printed', () => {
    const text = 'updateStrategy: { type: OnDelete, rollingUpdate: { partition: 1 }, x: null }\n';
    const result = bakeDefaults(chart, 'org.yaml', text);
    expect(defaultsOf(result.properties)['updateStrategy']).to.deep.equal({
      type: 'OnDelete',
      rollingUpdate: { partition: 1 },
    });
    expect(printValues(result, 'Title')).to.match(
      /^ {2}# More of updateStrategy, among the defaults of this chart$/m,
    );
  });

  it('gives what Helm would make of the same file over the chart’s own values', () => {
    const quantity = fc.constantFrom('1', '100m', '1Gi', null);
    const amounts = fc.oneof(
      fc.dictionary(fc.constantFrom('cpu', 'memory', 'other'), quantity),
      fc.constant(null),
    );
    const resources = fc.dictionary(fc.constantFrom('requests', 'limits', 'more'), amounts);
    const merge = (base: unknown, over: unknown): unknown => {
      if (typeof over !== 'object' || over === null) return over;
      const entries = Object.entries(typeof base === 'object' ? (base ?? {}) : {});
      const merged = new Map(entries);
      for (const [key, value] of Object.entries(over)) {
        if (value === null) merged.delete(key);
        else merged.set(key, merge(merged.get(key), value));
      }
      return Object.fromEntries(merged);
    };
    fc.assert(
      fc.property(resources, (given) => {
        const expected = merge(chart.properties['resources']?.default, given);
        expect(baked(stringify({ resources: given }))['resources']).to.deep.equal(expected);
      }),
    );
  });

  const refused: [string, string, string, string, RegExp][] = [
    ['an unknown key', 'a: 1\n', 'org.yaml:1:1 a', 'unknown key "a"', /known here: image, /],
    [
      'a misspelled key',
      'image:\n  registri: x\n',
      'org.yaml:2:3 image.registri',
      'unknown key "registri"',
      /^did you mean "registry"\?$/,
    ],
    [
      'a key of every object',
      'constructor: 1\n',
      'org.yaml:1:1 constructor',
      'unknown key "constructor"',
      /known here/,
    ],
    [
      'a map in the place of a single value',
      'replicaCount: { web: 1 }\n',
      'org.yaml:1:15 replicaCount',
      'replicaCount takes no map',
      /the chart's own value is 3$/,
    ],
    [
      'a map where only some values are allowed',
      'image: { pullPolicy: { a: 1 } }\n',
      'org.yaml:1:22 image.pullPolicy',
      'image.pullPolicy takes no map',
      /the chart's own value is "IfNotPresent"$/,
    ],
    [
      'a single value in the place of a map of values',
      'image: nginx\n',
      'org.yaml:1:8 image',
      '"nginx" is not a map',
      /^its keys: registry, pullPolicy$/,
    ],
    [
      'a map of values whose keys are all commented out',
      'image:\n  # registry: x\n',
      'org.yaml:1:7 image',
      'null is not a map',
      /^its keys: registry/,
    ],
    [
      'a list in the place of a map that is passed through',
      'affinity: []\n',
      'org.yaml:1:11 affinity',
      '[] is not a map',
      /write a map/,
    ],
    [
      'null where it is no value',
      'replicaCount: ~\n',
      'org.yaml:1:15 replicaCount',
      'null is no default',
      /leave the key out/,
    ],
    [
      'an octal number, which Helm reads as one',
      'affinity: { mode: 0644 }\n',
      'org.yaml:1:19 affinity.mode',
      'Helm, which reads YAML 1.1, takes this for something else',
      /^write 420, or put it in quotes$/,
    ],
    [
      'a word that is true to Helm',
      'affinity: { a: [yes] }\n',
      'org.yaml:1:17 affinity.a[0]',
      'Helm, which reads YAML 1.1, takes this for something else',
      /^write true, or put it in quotes$/,
    ],
  ];
  for (const [what, text, object, message, hint] of refused) {
    it(`refuses ${what}`, () => {
      const error = refusal(text);
      expect(error).to.include({ kind: 'badInput', object, message });
      expect(error.hint).to.match(hint);
    });
  }

  it('names the feature that would know a key, had it not been left out', () => {
    const values = valuesOf({ metrics: map({ enabled: leaf('boolean', false) }) });
    const leftOut = [{ feature: 'metrics', values }];
    expect(refusal('metrics: { enabled: true }\n', leftOut)).to.include({
      message: 'unknown key "metrics"',
      hint: 'it belongs to the feature "metrics", which this chart is generated without',
    });
    expect(refusal('metrix: 1\n', leftOut).hint).to.match(/^known here: /);
  });

  it('names everything that is wrong in one error, in the order of the lines', () => {
    const error = refusal('image: x\nb: 1\nreplicaCount: {}\n');
    expect(error.object).to.equal('org.yaml');
    expect(error.message).to.match(/^3 errors\n {2}org\.yaml:1:8 .*\n.*:2:1 .*\n.*:3:15 [^\n]*$/);
  });

  it('refuses what is no map, is empty, or is not YAML', () => {
    expect(refusal('- a\n')).to.include({ message: '["a"] is not a map', object: 'org.yaml:1:1' });
    expect(refusal('# nothing\n').message).to.equal('the file is empty');
    expect(refusal('a: [\n').object).to.match(/^org\.yaml:/);
  });
});

describe('defaultFindings', () => {
  function findings(text: string) {
    const values = bakeDefaults(chart, 'org.yaml', text);
    const ajv = new Ajv({ allErrors: true, verbose: true, strict: false });
    const validate = ajv.compile(JSON.parse(printSchema(values, 'Title')) as object);
    validate(defaultsOf(values.properties));
    return defaultFindings(validate.errors ?? [], 'org.yaml', text);
  }

  it('is nothing where the schema accepts what was given', () => {
    expect(findings('replicaCount: 1\n')).to.deep.equal([]);
  });

  it('tells the place in the file, what is wrong, and what to write', () => {
    const found = findings('replicaCount: many\nimage:\n  pullPolicy: Allways\n');
    expect(found.map(({ object, message, hint }) => ({ object, message, hint }))).to.deep.equal([
      {
        object: 'org.yaml:3:15 image.pullPolicy',
        message: '"Allways" is not Always or IfNotPresent',
        hint: 'did you mean "Always"?',
      },
      {
        object: 'org.yaml:1:15 replicaCount',
        message: '"many" is not of type integer',
        hint: undefined,
      },
    ]);
  });

  it('leaves out what is wrong with defaults that the file does not hold', () => {
    const error = {
      keyword: 'type',
      instancePath: '/image/registry',
      schemaPath: '',
      params: { type: 'string' },
      data: 1,
      parentSchema: { type: 'string' },
    };
    expect(defaultFindings([error], 'org.yaml', 'image: { pullPolicy: Always }\n')).to.be.empty;
    expect(defaultFindings([error], 'org.yaml', 'image: { registry: 1 }\n')).to.have.length(1);
  });
});
