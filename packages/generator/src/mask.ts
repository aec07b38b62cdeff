/**
 * Helm and Handlebars both write `{{ }}`. A template holds Helm's directives verbatim and the
 * generator's own as `<% %>`; masking hands Handlebars what it expects. Every replacement has the
 * length of what it replaces, so that lines and columns in its errors stay those of the file.
 */
export const helm = { open: '\uE000\uE000', close: '\uE001\uE001' };

/** What Handlebars would take for a part of its own tag when it stands next to one. */
const beside = { open: '\uE002', close: '\uE003', backslash: '\uE004' };

/** Stands where a slot was left empty; its line vanishes. */
export const emptyMark = '\uE00F';

/** Does the text hold none of the characters that masking needs for itself? */
export function isMaskable(text: string): boolean {
  return !/[\uE000-\uE00F]/.test(text);
}

/** Hides Helm's braces and turns the generator's tags into Handlebars'. */
export function mask(text: string): string {
  return text
    .replaceAll('{{', helm.open)
    .replaceAll('}}', helm.close)
    .replaceAll('{<%', `${beside.open}<%`)
    .replaceAll('\\<%', `${beside.backslash}<%`)
    .replaceAll('%>}', `%>${beside.close}`)
    .replaceAll(/<%([^]*?)%>/g, '{{$1}}')
    .replaceAll('<%', '{{');
}

/** Gives Helm its braces back, once Handlebars is done. */
export function unmask(text: string): string {
  return text
    .replaceAll(helm.open, '{{')
    .replaceAll(helm.close, '}}')
    .replaceAll(beside.open, '{')
    .replaceAll(beside.close, '}')
    .replaceAll(beside.backslash, '\\');
}
