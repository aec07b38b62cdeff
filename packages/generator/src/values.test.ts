import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import { composeSets } from './ci-sets.ts';
import { define } from './define.ts';
import { featureOf, type Feature } from './feature.ts';
import { createRenderer } from './render.ts';
import { composeValues, type Values } from './values.ts';

const head = `apiVersion: holdfast.dev/v1
kind: Application
name: demo
description: A demonstration
appVersion: "1"
image: { repository: example/demo }
`;
const volume = 'mountPath: /data, size: 1Gi';
const one = `${head}roles: [{ name: demo, workload: StatefulSet, volumes: { data: { ${volume} } } }]\n`;
const two = `${head}roles:
  - { name: demo, workload: StatefulSet }
  - name: side-kick
    workload: StatefulSet
    volumes: { hot-data: { ${volume} }, log: { mountPath: /log, size: 2Gi } }
`;

/** Features of these files; the name is also the title. */
function featuresOf(files: Record<string, Record<string, string>>): Feature[] {
  return Object.entries(files).map(([name, texts], order) =>
    featureOf(
      { name, order, title: name, description: name },
      {
        file: `${name}/feature.yaml`,
        at: () => '',
        dir: name,
        folder: new Map(Object.entries(texts)),
      },
    ),
  );
}

function compose(definition: string, files: Record<string, Record<string, string>>): Values {
  const { model } = define('app.yaml', definition);
  return composeValues(featuresOf(files), model, createRenderer([], []), {
    text: { type: 'string', default: '', description: 'A text' },
  });
}

function errorOf(act: () => unknown): HoldfastError {
  try {
    act();
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  return expect.fail('it was not refused');
}

const value = (name: string) => `${name}: { $ref: text }\n`;

describe('composeValues', () => {
  it('puts the values of the role of the application’s name at the root', () => {
    const { properties } = compose(two, {
      x: { 'values.yaml': value('a'), 'values.role.yaml': value('b') },
    });
    expect(properties).to.have.all.keys('a', 'b', 'sideKick');
    expect(properties['sideKick']?.properties).to.have.all.keys('b');
  });

  it('puts those of volumes below persistence, and below their names where they are several', () => {
    const files = {
      x: { 'values.volume.yaml': 'size: { default: <% json volume.size %>, description: S }\n' },
    };
    expect(compose(one, files).properties['persistence']?.properties).to.deep.equal({
      size: { default: '1Gi', description: 'S' },
    });
    const { properties } = compose(two, files);
    const claims = properties['sideKick']?.properties?.['persistence']?.properties;
    expect(claims).to.have.all.keys('hotData', 'log');
    expect(claims?.['log']?.properties?.['size']?.default).to.equal('2Gi');
  });

  it('heads the first value of each feature with its title', () => {
    const files = {
      first: { 'values.yaml': value('a') + value('b') },
      none: {},
      second: { 'values.yaml': value('c') },
    };
    expect([...compose(one, files).sections]).to.deep.equal([
      ['a', 'first'],
      ['c', 'second'],
    ]);
  });

  it('gives rules to the root and to the map of their role', () => {
    const rule = '- { if: { properties: { a: { const: b } } }, then: { properties: {} } }\n';
    const files = {
      x: { 'values.role.yaml': value('a'), 'rules.yaml': rule, 'rules.role.yaml': rule },
    };
    const { rules, properties } = compose(two, files);
    expect(rules).to.have.lengthOf(2);
    expect(properties['sideKick']?.['allOf']).to.have.lengthOf(1);
  });

  it('lets a rule hold only where the keys of its condition are there', () => {
    const rule =
      '- if: { properties: { a: { properties: { b: { const: 1 } } } } }\n  then: false\n';
    const [{ if: condition } = {}] = compose(one, { x: { 'rules.yaml': rule } }).rules;
    expect(condition).to.deep.equal({
      properties: { a: { properties: { b: { const: 1 } }, required: ['b'] } },
      required: ['a'],
    });
  });

  it('leaves no trace of a fragment of which nothing is left', () => {
    const nothing = '<%#if keepsData%><%else%>a: 1<%/if%>\n';
    const { properties, rules, sections } = compose(one, {
      x: { 'values.yaml': nothing, 'rules.yaml': nothing, 'values.role.yaml': nothing },
    });
    expect([properties, rules, [...sections]]).to.deep.equal([{}, [], []]);
  });

  it('refuses a role that has the name of a value, and a value that is there twice', () => {
    const role = errorOf(() => compose(two, { x: { 'values.yaml': value('sideKick') } }));
    expect(role.message).to.equal(
      'the role "side-kick" has the name of a value that every chart has',
    );
    const twice = { x: { 'values.yaml': value('a') }, y: { 'values.role.yaml': value('a') } };
    expect(errorOf(() => compose(one, twice))).to.include({
      message: 'another feature has this value already',
      object: 'y/values.role.yaml a',
    });
  });

  it('refuses what is rendered to something else than YAML, and quotes the line', () => {
    const text = 'a:\n  <%#if keepsData%>\n  b: [\n  <%/if%>\n';
    const error = errorOf(() => compose(one, { x: { 'values.yaml': text } }));
    expect(error.object).to.equal('x/values.yaml');
    expect(error.hint).to.match(/^it is in the line: /);
  });

  it('refuses rules that are no list of schemas', () => {
    for (const text of ['if: { properties: {} }\n', '[text]\n', 'text\n']) {
      expect(errorOf(() => compose(one, { x: { 'rules.yaml': text } }))).to.include({
        kind: 'badInput',
        message: 'rules are a list of schemas',
        object: 'x/rules.yaml',
      });
    }
  });

  it('takes the name of a role for a name, also where every object has it', () => {
    const named = two.replace('side-kick', 'constructor');
    const { properties } = compose(named, { x: { 'values.role.yaml': value('a') } });
    expect(Object.keys(properties)).to.deep.equal(['a', 'constructor']);
  });

  it('composes the same again, whatever was composed before', () => {
    const files = {
      x: { 'values.yaml': `a: { description: A, properties: { ${value('b').trim()} } }\n` },
    };
    const more = {
      ...files,
      y: { 'values.yaml': 'a: { description: A, properties: { c: { $ref: text } } }\n' },
    };
    const before = structuredClone(compose(one, files).properties);
    compose(one, more);
    expect(compose(one, files).properties).to.deep.equal(before);
  });
});

describe('composeSets', () => {
  const sets = (definition: string, files: Record<string, Record<string, string>>) => {
    const { model } = define('app.yaml', definition);
    return Object.fromEntries(composeSets(featuresOf(files), model, createRenderer([], [])));
  };

  it('merges the sets of a name, those of roles below their keys', () => {
    const files = {
      x: { 'ci/all.yaml': 'a: { b: 1 }\n', 'ci/all.role.yaml': 'c: <% json role.name %>\n' },
      y: { 'ci/all.yaml': 'a: { d: 2 }\n', 'ci/other.yaml': 'e: [1]\n' },
    };
    expect(sets(two, files)).to.deep.equal({
      'ci/all-values.yaml': 'a:\n  b: 1\n  d: 2\nc: demo\nsideKick:\n  c: side-kick\n',
      'ci/other-values.yaml': 'e:\n  - 1\n',
    });
  });

  it('refuses a set that would not be used, by its name', () => {
    for (const path of [
      'ci/Many.yaml',
      'ci/many.yml',
      'ci/more/many.yaml',
      'ci/many.volume.yaml',
    ]) {
      expect(errorOf(() => sets(one, { x: { [path]: 'a: 1\n' } }))).to.include({
        kind: 'badInput',
        object: `x/${path}`,
      });
    }
  });

  it('leaves out a set that nothing is put into', () => {
    const nothing = '<%#if keepsData%><%else%>a: 1<%/if%>\n';
    expect(sets(one, { x: { 'ci/all.yaml': nothing } })).to.deep.equal({});
  });
});
