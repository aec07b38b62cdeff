import { expect } from 'chai';
import type { Context } from './context.ts';
import type { Guard } from './entries.ts';
import { guarded, withPresence } from './guard.ts';
import type { Role } from './model.ts';
import { createRenderer, type Contribution } from './render.ts';
import { specimen } from './specimen.ts';

const role: Role = { ...specimen.main, name: 'server' };
const inModes = (modeCondition: string): Role => ({ ...role, modeCondition });

function contribution(slot: string, text: string): Contribution {
  const template = (content: string) => ({ file: `${slot}.hbs`, text: content });
  return { slot, template: template(text), with: template(''), if: template('') };
}

/** Puts text into a condition, as the features with these contributions have it. */
function put(
  text: string,
  guard: Guard,
  { one, per = 'role', contributions = [] }: Partial<Setting> = {},
): string {
  const known = ['pods.if', 'service.if'];
  const renderer = createRenderer(contributions, known);
  const roles = [one ?? role];
  const model = withPresence({ ...specimen, roles, main: roles[0] ?? role }, renderer);
  const context: Context = per === 'role' ? { ...model, role: model.main } : model;
  return guarded(text, guard, context, renderer);
}

interface Setting {
  one: Role;
  per: 'chart' | 'role';
  contributions: Contribution[];
}

const outside = contribution('pods.if', 'not .Values.external.enabled\n');
const plain = 'kind: Service\n';

describe('guarded', () => {
  it('leaves text alone where there is no condition', () => {
    for (const guard of ['pods', 'service', 'mode'] as const) {
      expect(put(plain, guard)).to.equal(plain);
    }
  });

  it('puts text into the condition of the mode', () => {
    const one = inModes('eq .Values.mode "many"');
    for (const guard of ['pods', 'service', 'mode'] as const) {
      expect(put(plain, guard, { one })).to.equal(
        '{{- if eq .Values.mode "many" }}\nkind: Service\n{{- end }}\n',
      );
    }
  });

  it('puts pods into what all features and the mode ask for', () => {
    const one = inModes('eq .Values.mode "many"');
    const contributions = [outside, contribution('pods.if', '.Values.pods')];
    const text = put(plain, 'pods', { one, contributions });
    expect(text.split('\n')[0]).to.equal(
      '{{- if and (and (not .Values.external.enabled) (.Values.pods)) (eq .Values.mode "many") }}',
    );
  });

  it('puts what is there once into the condition of all pods, and into no mode', () => {
    const one = inModes('eq .Values.mode "many"');
    const contributions = [outside];
    expect(put(plain, 'pods', { one, contributions, per: 'chart' })).to.equal(
      '{{- if not .Values.external.enabled }}\nkind: Service\n{{- end }}\n',
    );
    expect(put(plain, 'mode', { one, contributions, per: 'chart' })).to.equal(plain);
  });

  it('asks for the Service by its own contributions, those of pods left out', () => {
    const contributions = [outside, contribution('service.if', 'not <% role.values %>.host')];
    expect(put(plain, 'service', { contributions }).split('\n')[0]).to.equal(
      '{{- if not .Values.host }}',
    );
  });

  const merging: [string, string, string][] = [
    ['a value', '.Values.x', '{{- if and (not .Values.external.enabled) .Values.x }}'],
    ['a call', 'eq .Values.x 1', '{{- if and (not .Values.external.enabled) (eq .Values.x 1) }}'],
    ['an and', 'and .a (not .b)', '{{- if and (not .Values.external.enabled) .a (not .b) }}'],
    [
      'an and whose result goes through a pipe',
      'and .a .b | not',
      '{{- if and (not .Values.external.enabled) (and .a .b | not) }}',
    ],
  ];
  for (const [what, own, first] of merging) {
    it(`takes the condition around a whole text along: ${what}`, () => {
      const text = `{{- if ${own} }}\n${plain}{{- end }}\n`;
      expect(put(text, 'pods', { contributions: [outside] })).to.equal(
        `${first}\n${plain}{{- end }}\n`,
      );
    });
  }

  const nesting: [string, string][] = [
    [
      'two conditions one after the other',
      '{{- if .a }}\nx\n{{- end }}\n{{- if .b }}\ny\n{{- end }}\n',
    ],
    ['a condition with an else', '{{- if .a }}\nx\n{{- else }}\ny\n{{- end }}\n'],
    ['a condition that ends before the text does', '{{- if .a }}\nx\n{{- end }}\ny\n'],
    ['a range', '{{- range .a }}\nx\n{{- end }}\n'],
    ['text after a condition on its line', '{{- if .a }} x\n{{- end }}\n'],
  ];
  for (const [what, text] of nesting) {
    it(`leaves as it is, inside its own condition: ${what}`, () => {
      expect(put(text, 'pods', { contributions: [outside] })).to.equal(
        `{{- if not .Values.external.enabled }}\n${text}{{- end }}\n`,
      );
    });
  }

  it('knows the blocks inside, also those with an else of their own', () => {
    const inner = '{{- range .a }}\nx\n{{- else }}\n{{ with .b }}y{{ end }}\n{{- end }}\n';
    const text = `{{- if .c }}\n${inner}{{- end }}\n`;
    expect(put(text, 'pods', { contributions: [outside] })).to.equal(
      `{{- if and (not .Values.external.enabled) .c }}\n${inner}{{- end }}\n`,
    );
  });

  it('breaks a line that would be too long to read', () => {
    const own = `eq .Values.x "${'long'.repeat(30)}"`;
    const text = put(`{{- if ${own} }}\n${plain}{{- end }}\n`, 'pods', {
      contributions: [outside],
    });
    expect(text).to.equal(
      [
        '{{- if and',
        '  (not .Values.external.enabled)',
        `  (${own})`,
        '}}',
        `${plain}{{- end }}\n`,
      ].join('\n'),
    );
  });
});

describe('withPresence', () => {
  it('says of every role under which condition its pods are there', () => {
    const roles = [role, { ...inModes('eq .Values.mode "many"'), name: 'other' }];
    const renderer = createRenderer([outside], ['pods.if']);
    const model = withPresence({ ...specimen, roles }, renderer);
    expect(model.present).to.equal('not .Values.external.enabled');
    expect(model.main.present).to.equal('not .Values.external.enabled');
    expect(model.roles[1]?.present).to.equal(
      'and (not .Values.external.enabled) (eq .Values.mode "many")',
    );
  });
});
