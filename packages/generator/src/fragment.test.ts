import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { mergeFragment, resolveReferences, type ValueSchema } from './fragment.ts';

const shared = {
  image: {
    type: 'object',
    description: 'An image',
    properties: {
      repository: { type: 'string', default: '', description: 'Repository' },
      tag: { type: 'string', default: 'latest', description: 'Tag' },
    },
  },
  words: { type: 'array', default: [], description: 'Words' },
  pair: {
    type: 'object',
    description: 'Two images',
    properties: { one: { $ref: 'image' }, other: { $ref: 'image', default: { tag: 'v2' } } },
  },
  loop: { type: 'object', properties: { again: { $ref: 'around' } } },
  around: { $ref: 'loop' },
};

const resolve = (node: unknown) => resolveReferences(node, shared, 'values.yaml');

function errorOf(act: () => unknown): HoldfastError {
  try {
    act();
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  return expect.fail('it was not refused');
}

describe('resolveReferences', () => {
  it('puts the shared schema in the place of its name', () => {
    expect(resolve({ a: { $ref: 'words' } })).to.deep.equal({ a: shared.words });
  });

  it('prefers the keywords that stand beside the name', () => {
    expect(resolve({ $ref: 'words', description: 'Names', minItems: 1 })).to.deep.equal({
      ...shared.words,
      description: 'Names',
      minItems: 1,
    });
  });

  it('replaces the default of a single value', () => {
    expect(resolve({ $ref: 'words', default: ['a'] })).to.have.deep.property('default', ['a']);
    expect(resolve({ $ref: 'words', default: null })).to.have.property('default', null);
  });

  it('sets the defaults of the keys below a map, and leaves the others', () => {
    const { properties } = resolve({ $ref: 'image', default: { repository: 'a/b' } }) as {
      properties: Record<string, ValueSchema>;
    };
    expect(properties['repository']).to.include({ default: 'a/b', description: 'Repository' });
    expect(properties['tag']).to.include({ default: 'latest' });
  });

  it('resolves shared schemas inside shared schemas, and sets defaults through them', () => {
    const { properties } = resolve({
      $ref: 'pair',
      default: { one: { repository: 'a/b' }, other: { repository: 'c/d' } },
    }) as { properties: Record<string, { properties: Record<string, ValueSchema> }> };
    expect(properties['one']?.properties['repository']?.default).to.equal('a/b');
    expect(properties['one']?.properties['tag']?.default).to.equal('latest');
    expect(properties['other']?.properties['repository']?.default).to.equal('c/d');
    expect(properties['other']?.properties['tag']?.default).to.equal('v2');
  });

  it('goes into lists, as those of rules', () => {
    expect(resolve([{ then: { $ref: 'words' } }])).to.deep.equal([{ then: shared.words }]);
  });

  it('takes data for data', () => {
    const data = { $ref: 'nobody' };
    const schema = { default: data, examples: [data], enum: [data], const: data };
    expect(resolve(schema)).to.deep.equal(schema);
  });

  it('takes the names of values for names, also those of keywords', () => {
    const properties = { default: { $ref: 'words' }, enum: { $ref: 'words' } };
    expect(resolve({ type: 'object', properties })).to.deep.equal({
      type: 'object',
      properties: { default: shared.words, enum: shared.words },
    });
  });

  it('changes neither the fragment nor the shared schemas', () => {
    const before = structuredClone(shared);
    const fragment = { a: { $ref: 'pair', default: { one: { tag: 'x' } } } };
    const copy = structuredClone(fragment);
    resolve(fragment);
    expect(shared).to.deep.equal(before);
    expect(fragment).to.deep.equal(copy);
  });

  it('refuses a name that is not there, and suggests one', () => {
    expect(errorOf(() => resolve({ a: { $ref: 'imige' } }))).to.include({
      kind: 'badInput',
      message: 'no shared schema is called "imige"',
      object: 'values.yaml',
      hint: 'did you mean "image"?',
    });
    for (const $ref of ['constructor', '__proto__', 'toString', '']) {
      expect(errorOf(() => resolve({ a: { $ref } })).kind, $ref).to.equal('badInput');
    }
  });

  it('refuses a schema that refers to itself, by whatever way', () => {
    expect(errorOf(() => resolve({ $ref: 'loop' }))).to.include({
      message: 'the shared schema "loop" refers to itself',
      object: 'values.yaml',
    });
  });

  it('refuses a default of a key that the schema does not have', () => {
    expect(errorOf(() => resolve({ $ref: 'image', default: { repostory: 'a' } }))).to.include({
      message: 'a default for "repostory", which the shared schema does not have',
      object: 'values.yaml',
      hint: 'did you mean "repository"?',
    });
  });
});

describe('mergeFragment', () => {
  const leaf = (value: unknown) => ({ default: value, description: 'A value' });
  const map = (properties: object) => ({ description: 'Values', properties });

  function merged(...fragments: unknown[]): Record<string, ValueSchema> {
    const into: Record<string, ValueSchema> = {};
    fragments.forEach((fragment, index) => {
      mergeFragment(into, fragment, `${index}.yaml`);
    });
    return into;
  }

  it('merges maps of values at every depth', () => {
    const into = merged(
      { a: map({ b: map({ c: leaf(1) }) }) },
      { a: map({ b: map({ d: leaf(2) }) }) },
    );
    expect(into['a']?.properties?.['b']?.properties).to.have.all.keys('c', 'd');
  });

  const refused: [string, unknown[], string, string][] = [
    ['a fragment that is a list', [[]], 'a fragment is a map of values', '0.yaml'],
    ['a value that is not a map', [{ a: 1 }], 'a value is described by a map', '0.yaml a'],
    [
      'a value without a description',
      [{ a: map({ b: { default: 1 } }) }],
      'the value has no description',
      '0.yaml a.b',
    ],
    [
      'a value without a default',
      [{ a: map({ b: { description: 'B' } }) }],
      'the value has no default',
      '0.yaml a.b',
    ],
    [
      'a value that another fragment has',
      [{ a: map({ b: leaf(1) }) }, { a: map({ b: leaf(2) }) }],
      'another feature has this value already',
      '1.yaml a.b',
    ],
    [
      'a single value where another fragment has a map',
      [{ a: map({}) }, { a: leaf(1) }],
      'another feature has this value already',
      '1.yaml a',
    ],
  ];
  for (const [what, fragments, message, object] of refused) {
    it(`refuses ${what}, and says where`, () => {
      const error = errorOf(() => merged(...fragments));
      expect(error).to.include({ kind: 'badInput', message, object });
    });
  }

  it('takes names that objects of JavaScript have for names like any other', () => {
    const into = merged({ constructor: leaf(1), toString: leaf(2) });
    expect(Object.keys(into)).to.deep.equal(['constructor', 'toString']);
  });
});
