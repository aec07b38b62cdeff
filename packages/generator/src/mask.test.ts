import { expect } from 'chai';
import fc from 'fast-check';
import { isMaskable, mask, unmask } from './mask.ts';
import { createRenderer } from './render.ts';
import { specimen } from './specimen.ts';

/** Braces of every kind, and what could make a brace of its neighbours. */
const braces = ['{', '}', '{{', '}}', '{{{', '}}}', '{{{{', '}}}}', '{{-', '-}}', '{{/*', '*/}}'];
const tags = ['<%', '%>', '<', '>', '%', '<%#', '<%/', '<%!--', '--%>'];
const other = ['x', ' ', '.', '\n', '\t', '\\', '\\\\', '"', "'", '`', '#', '~', '&', '海', '🌊'];

const textOf = (parts: string[], constraints: fc.ArrayConstraints = {}) =>
  fc.array(fc.constantFrom(...parts), constraints).map((found) => found.join(''));

/** Text in which the generator has no tag. */
const tagless = fc
  .oneof(
    textOf([...braces, ...other, '<', '>', '%']),
    textOf([...braces, ...tags, ...other], { maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  .filter((text) => !text.includes('<%') && isMaskable(text));

const anything = textOf([...braces, ...tags, ...other]);
const lengths = (text: string) => text.split('\n').map((line) => line.length);

/** What the generator makes of a template. */
function render(text: string): string {
  return createRenderer([], []).render({ file: 'x.hbs', text }, specimen);
}

describe('mask', () => {
  it('gives Helm its directives back', () => {
    const text = '{{- if .Values.x }}\n  a: {{ .y | quote }}{{{ }}}\n{{- end }}\n';
    expect(mask(text)).not.to.contain('{{');
    expect(unmask(mask(text))).to.equal(text);
  });

  it('keeps every line and column', () => {
    const text = '{{ a }} <% b %>\n\t{<% c %>} \\<% d %>';
    const masked = mask(text);
    expect(masked).to.have.lengthOf(text.length);
    expect(masked.indexOf('{{ b')).to.equal(text.indexOf('<% b'));
    expect(masked.indexOf('\n')).to.equal(text.indexOf('\n'));
  });

  it('keeps any text that has no tags of the generator', () => {
    fc.assert(
      fc.property(tagless, (text) => {
        expect(unmask(mask(text))).to.equal(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves Handlebars no brace in such a text', () => {
    fc.assert(
      fc.property(tagless, (text) => {
        expect(mask(text)).not.to.contain('{{');
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the length of every line of any text, there and back', () => {
    fc.assert(
      fc.property(anything, (text) => {
        expect(lengths(mask(text))).to.deep.equal(lengths(text));
        expect(lengths(unmask(mask(text)))).to.deep.equal(lengths(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the end of a tag that nobody began', () => {
    for (const text of ['date +%H%M%>now', '100%>', '%>}', '{%>}}', '{{ "%>" }}']) {
      expect(unmask(mask(text)), text).to.equal(text);
      expect(render(text), text).to.equal(`${text}\n`);
    }
  });

  it('tells text that holds its own characters', () => {
    expect(isMaskable('ordinary {{ text }}')).to.be.true;
    for (const code of [0xe000, 0xe001, 0xe002, 0xe003, 0xe004, 0xe00f]) {
      expect(isMaskable(`a${String.fromCharCode(code)}b`)).to.be.false;
    }
    expect(isMaskable('\uE010')).to.be.true;
  });
});

describe('a template with directives of Helm around tags of the generator', () => {
  const path = fc.constantFrom('.Values.x', '$', '.', '.Values.a.b', '$x', '(dict "a" 1)');
  const word = fc.constantFrom('if', 'with', 'range', 'include "a"', 'not', 'toYaml', 'tpl', '');
  const inside = fc
    .tuple(word, path, fc.constantFrom('', ' | quote', ' | nindent 4', ' "}"', ' "{"', ' `\\`'))
    .map(([first, second, last]) => `${first} ${second}${last}`.trim());
  const directive = fc.oneof(
    fc
      .tuple(fc.constantFrom('{{', '{{-', '{{{', '{{{{'), inside)
      .map(([open, text]) => `${open} ${text} ${open.replace('-', '').replaceAll('{', '}')}`),
    fc.constantFrom(
      '{{- end }}',
      '{{- end -}}',
      '{{ else }}',
      '{{/* a {comment} */}}',
      '{{`{{ raw }}`}}',
      '{{ printf "{{index .data %q}}" . }}',
      '{{- $a := dict "b" `}}` -}}',
      '{}',
      '{ }',
      '}{',
      '\\',
      '\\\\',
      '{',
      '}',
    ),
  );
  const beside = fc.array(directive, { maxLength: 4 }).map((all) => all.join(''));

  it('prints them verbatim, whatever stands beside a tag', () => {
    const tag = fc.constantFrom(
      ['<% app.name %>', 'app'],
      ['<%app.name%>', 'app'],
      ['<% json app.name %>', '"app"'],
      ['<%#if listens%>yes<%/if%>', 'yes'],
      ['<%#if keepsData%><% app.name %><%else%>no<%/if%>', 'app'],
      ['<%#each app.keywords as |one|%>(<% one %>)<%/each%>', '()'],
      ['<%! a comment %>', ''],
    ) as fc.Arbitrary<[string, string]>;
    fc.assert(
      fc.property(fc.array(fc.tuple(beside, tag, beside), { minLength: 1 }), (parts) => {
        // Ends of lines that are no white space: the generator tidies that up.
        const lines = (index: 0 | 1) =>
          parts.map(([before, [text, result], behind]) =>
            ['a', before, index === 0 ? text : result, behind, 'z'].join(''),
          );
        expect(render(lines(0).join('\n'))).to.equal(`${lines(1).join('\n')}\n`);
      }),
      { numRuns: 300 },
    );
  });

  it('tells the place of a mistake behind them', () => {
    fc.assert(
      fc.property(fc.array(beside), beside, (lines, before) => {
        const text = [...lines, `${before}<% app.nmae %>`].join('\n');
        const place = `x.hbs:${lines.length + 1}:${before.length + 4}`;
        expect(() => render(text))
          .to.throw()
          .with.property('object', place);
      }),
      { numRuns: 500 },
    );
  });
});
