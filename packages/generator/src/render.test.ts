import { expect } from 'chai';
import { HoldfastError } from '@holdfast/core';
import type { Context } from './context.ts';
import type { Role } from './model.ts';
import { createRenderer, type Contribution } from './render.ts';
import { specimen } from './specimen.ts';

const role: Role = { ...specimen.main, name: 'server', volumes: [], args: ['one', 'two'] };
const context: Context = { ...specimen, main: role, roles: [role], role };

function contribution(slot: string, text: string, guards: { with?: string; if?: string } = {}) {
  const template = (content: string) => ({ file: `${slot}.hbs`, text: content });
  const entry: Contribution = {
    slot,
    template: template(text),
    with: template(guards.with ?? ''),
    if: template(guards.if ?? ''),
  };
  return entry;
}

function render(text: string, contributions: Contribution[] = [], known?: string[]): string {
  const slots = known ?? contributions.map(({ slot }) => slot);
  return createRenderer(contributions, slots).render({ file: 'x.hbs', text }, context);
}

function errorOf(text: string, contributions: Contribution[] = []): HoldfastError {
  try {
    render(text, contributions);
  } catch (error) {
    if (error instanceof HoldfastError) return error;
    throw error;
  }
  throw new Error('the template is good');
}

describe('render', () => {
  it("prints the model and leaves Helm's directives alone", () => {
    expect(render('name: <% role.name %>\nx: {{ .Values.x | quote }}\n')).to.equal(
      'name: server\nx: {{ .Values.x | quote }}\n',
    );
  });

  it('escapes nothing', () => {
    const quoted = { ...context, role: { ...role, name: `<a>&"'` } };
    const renderer = createRenderer([], []);
    expect(renderer.render({ file: 'x', text: '<% role.name %>' }, quoted)).to.equal(`<a>&"'\n`);
  });

  it('repeats a block for every item and still sees what is around it', () => {
    const text = '<%#each role.args as |word|%>\n- <% word %> of <% role.name %>\n<%/each%>\n';
    expect(render(text)).to.equal('- one of server\n- two of server\n');
  });

  it('leaves no blank line where a block stood', () => {
    expect(render('a: 1\n<%#if role.volumes%>\nb: 2\n<%/if%>\nc: 3\n')).to.equal('a: 1\nc: 3\n');
  });

  it('is empty when nothing is left', () => {
    expect(render('<%#if role.volumes%>\nb: 2\n<%/if%>\n')).to.equal('');
  });

  const mistakes: [string, string, string, string][] = [
    ['a path', 'a: 1\nb: <% role.nmae %>', 'x.hbs:2:7', 'did you mean "name"?'],
    ['a path in a condition', '<%#if typo%>x<%/if%>', 'x.hbs:1:7', 'known here'],
    [
      'a path in a branch not taken',
      '<%#if role.volumes%>\n<% role.oops %>\n<%/if%>',
      'x.hbs:2:4',
      'known here',
    ],
    [
      'a path after Helm on the same line',
      '{{ .Values.x }} <% role.nmae %>',
      'x.hbs:1:20',
      'did you mean "name"?',
    ],
    [
      'a path of an item of an empty list',
      '<%#each role.volumes as |volume|%><% volume.siez %><%/each%>',
      'x.hbs:1:38',
      'did you mean "size"?',
    ],
    ['a list that is printed', '<% role.args %>', 'x.hbs:1:1', 'use json'],
    ['an item without a name', '<%#each role.args%>x<%/each%>', 'x.hbs:1:1', 'write: as |item|'],
    ['an unknown helper', '<% shout role.name %>', 'x.hbs:1:1', ''],
    ['an unknown block', '<%#with role%><%/with%>', 'x.hbs:1:1', ''],
    [
      'the way up',
      '<%#if role.args%><% ../role.name %><%/if%>',
      'x.hbs:1:21',
      'name what you mean',
    ],
    ['a helper in parentheses', '<%#if (json role)%>x<%/if%>', 'x.hbs:1:7', ''],
    ['a partial', '<%> other %>', 'x.hbs:1:1', ''],
    ['a slot that nobody fills', '<% slot "nobody" indent=0 %>', 'x.hbs:1:1', ''],
  ];
  for (const [what, text, object, hint] of mistakes) {
    it(`refuses ${what}, and says where`, () => {
      const error = errorOf(text);
      expect(error.object).to.equal(object);
      expect(error.hint ?? '').to.contain(hint);
    });
  }

  it('refuses a template that cannot be parsed, by its line', () => {
    const error = errorOf('a: 1\n<%#if role.args%>\n');
    expect(error.object).to.match(/^x\.hbs/);
    expect(error.message).to.match(/^the template cannot be parsed/);
  });
});

describe('slot', () => {
  it('keeps the order of features and their own lines', () => {
    const text = 'list:\n  <% slot "a" indent=2 %>\nend: 1\n';
    const fillings = [contribution('a', '- x: 1\n  y: 2\n'), contribution('a', '- z: 3\n')];
    expect(render(text, fillings)).to.equal('list:\n  - x: 1\n    y: 2\n  - z: 3\nend: 1\n');
  });

  it('takes its line along when it is empty', () => {
    const text = 'a: 1\n  <% slot "a" indent=2 %>\nb: 2\n';
    expect(render(text, [contribution('a', '<%#if role.volumes%>x<%/if%>')])).to.equal(
      'a: 1\nb: 2\n',
    );
  });

  it('moves the numbers of nindent along', () => {
    const filling = contribution('a', 'x:\n  {{- toYaml .Values.x | nindent 2 }}\n');
    expect(render('    <% slot "a" indent=4 %>\n', [filling])).to.equal(
      'x:\n      {{- toYaml .Values.x | nindent 6 }}\n',
    );
  });

  it('refuses an indentation that is not its column', () => {
    expect(errorOf('  <% slot "a" indent=4 %>', [contribution('a', 'x')]).message).to.equal(
      'indent=4, but the slot stands at column 2',
    );
  });

  it('puts a key over what is always there', () => {
    const fillings = [
      contribution('a', '- x'),
      contribution('a', '- {{ . }}', { with: '<% role.values %>.more' }),
    ];
    expect(render('spec:\n  <% slot "a" key="list" indent=2 %>\n', fillings)).to.equal(
      [
        'spec:',
        '  list:',
        '    - x',
        '    {{- with .Values.more }}',
        '    - {{ . }}',
        '    {{- end }}',
        '',
      ].join('\n'),
    );
  });

  it('takes the key into a single condition', () => {
    const filling = contribution('a', '- {{ . }}', { with: '.Values.more' });
    expect(render('<% slot "a" key="list" indent=0 %>\n', [filling])).to.equal(
      '{{- with .Values.more }}\nlist:\n  - {{ . }}\n{{- end }}\n',
    );
  });

  it('puts an or around the key when nothing is always there', () => {
    const fillings = [
      contribution('a', '{{- if not .Values.x }}\n- x\n{{- end }}', { if: 'not .Values.x' }),
      contribution('a', '- y', { with: '.Values.y' }),
    ];
    const lines = render('<% slot "a" key="list" indent=0 %>\n', fillings).split('\n');
    expect(lines[0]).to.equal('{{- if or (not .Values.x) .Values.y }}');
    expect(lines.at(-2)).to.equal('{{- end }}');
  });
});
