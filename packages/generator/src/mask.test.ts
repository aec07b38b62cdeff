import { expect } from 'chai';
import fc from 'fast-check';
import { isMaskable, mask, unmask } from './mask.ts';

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
    const part = fc.constantFrom('{{', '}}', '{', '}', 'x', '\n', '%', '<', '>', '\\');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        fc.pre(!text.includes('<%') && !text.includes('%>'));
        return unmask(mask(text)) === text;
      }),
    );
  });

  it('tells text that holds its own characters', () => {
    expect(isMaskable('ordinary {{ text }}')).to.be.true;
    expect(isMaskable('\uE000')).to.be.false;
  });
});
