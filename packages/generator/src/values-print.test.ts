import { expect } from 'chai';
import { parse } from 'yaml';
import { mergeFragment, type ValueSchema } from './fragment.ts';
import { defaultsOf, printSchema, printTable, printValues } from './values-print.ts';
import type { Values } from './values.ts';

function valuesOf(...fragments: object[]): Values {
  const properties: Record<string, ValueSchema> = {};
  for (const fragment of fragments) mergeFragment(properties, fragment, 'values.yaml');
  return { properties, rules: [], sections: new Map([['image', 'Image']]) };
}

const text = (value: string) => ({ type: 'string', default: value, description: 'Some text' });
const values = valuesOf(
  { image: { description: 'The image', properties: { tag: text('1.10'), name: text('yes') } } },
  { image: { description: 'ignored', properties: { digest: text('') } } },
  {
    extra: {
      type: 'array',
      default: [],
      description: 'A | B',
      examples: [[{ name: 'x' }]],
    },
    open: {
      description: 'Open',
      additionalProperties: true,
      properties: { known: { type: 'boolean', default: true, description: 'Known' } },
    },
  },
);

describe('values', () => {
  it('are printed with section, description, example and default', () => {
    expect(printValues(values, 'Title')).to.equal(
      [
        '# Title',
        '',
        '## Image',
        '',
        '# The image',
        'image:',
        '  # Some text',
        '  tag: "1.10"',
        '  # Some text',
        '  name: "yes"',
        '  # Some text',
        '  digest: ""',
        '',
        '# A | B',
        '# For example:',
        '#   extra:',
        '#     - name: x',
        'extra: []',
        '',
        '# Open',
        'open:',
        '  # Known',
        '  known: true',
        '',
      ].join('\n'),
    );
  });

  it('read back as the defaults', () => {
    expect(parse(printValues(values, 'Title'))).to.deep.equal(defaultsOf(values.properties));
  });

  it('are closed to unknown keys at every depth, but where they say that they are open', () => {
    const schema = JSON.parse(printSchema(values, 'Title')) as ValueSchema;
    expect(schema.$schema).to.equal('http://json-schema.org/draft-07/schema#');
    expect(schema.additionalProperties).to.be.false;
    expect(schema.properties?.['enabled']).to.have.property('type', 'boolean');
    expect(schema.properties?.['image']?.additionalProperties).to.be.false;
    expect(schema.properties?.['open']?.additionalProperties).to.be.true;
  });

  it('are listed in a table whose cells stay cells', () => {
    const table = printTable(values);
    expect(table).to.contain('### Image');
    expect(table).to.contain('| `image.tag` | Some text | `"1.10"` |');
    expect(table).to.contain('| `extra` | A \\| B | `[]` |');
  });

  it('refuse what is not described, has no default, or is there twice', () => {
    expect(() => valuesOf({ a: { default: 1 } })).to.throw('no description');
    expect(() => valuesOf({ a: { description: 'A' } })).to.throw('no default');
    expect(() => valuesOf({ a: text('') }, { a: text('') })).to.throw('has this value already');
  });
});
