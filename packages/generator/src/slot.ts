import { helm } from './mask.ts';

/** What one feature puts into a slot, rendered. */
export interface Filling {
  /** Lines without the slot's indentation. */
  text: string;
  /** A path of Helm's: the text stands inside `with` of it; "" for none. */
  with: string;
  /** Helm's conditions, one a line, of which one must hold for the text to print anything; "" for always. */
  if: string;
}

function indented(text: string, by: number): string {
  const pad = ' '.repeat(by);
  return text.replaceAll(/^(?=.)/gm, pad);
}

/** Moves text to the right: its lines, and the numbers of its `nindent`. */
function moved(text: string, by: number): string {
  const numbers = text.replaceAll(
    /\b(n?indent) (\d+)/g,
    (_, word: string, number: string) => `${word} ${Number(number) + by}`,
  );
  return indented(numbers, by);
}

function directive(text: string): string {
  return `${helm.open}- ${text} ${helm.close}`;
}

function guarded(filling: Filling, inner: string): string {
  if (filling.with === '') return inner;
  return [directive(`with ${filling.with}`), inner, directive('end')].join('\n');
}

/** The conditions of which one must hold for the filling to print anything; none for always. */
function termsOf(filling: Filling): string[] {
  const lines = (filling.with === '' ? filling.if : filling.with).split('\n');
  const terms = lines.map((line) => line.trim()).filter((line) => line !== '');
  return terms.map((term) => (term.includes(' ') ? `(${term})` : term));
}

/**
 * The lines of a list or map under a key that appears only if something stands below it.
 *
 * A single filling inside `with` takes the key along; several conditional ones put an `or` of their
 * conditions around it; one without a condition makes the key stand always.
 */
function keyed(key: string, fillings: readonly Filling[]): string {
  const [only] = fillings;
  if (only !== undefined && fillings.length === 1 && only.with !== '') {
    return guarded(only, `${key}:\n${moved(only.text, 2)}`);
  }
  const body = fillings.map((filling) => {
    const text = moved(filling.text, 2);
    if (filling.with === '') return text;
    return [`  ${directive(`with ${filling.with}`)}`, text, `  ${directive('end')}`].join('\n');
  });
  const list = [`${key}:`, ...body].join('\n');
  const terms = fillings.map(termsOf);
  if (terms.some((some) => some.length === 0)) return list;
  return [anyOf(terms.flat()), list, directive('end')].join('\n');
}

/** An `if` of alternatives, on several lines where they are long. */
function anyOf(terms: readonly string[]): string {
  const [only = ''] = terms;
  if (terms.length === 1) return directive(`if ${only.replace(/^\((.*)\)$/, '$1')}`);
  const line = directive(`if or ${terms.join(' ')}`);
  return line.length <= 100 ? line : `${helm.open}- if or\n  ${terms.join('\n  ')}\n${helm.close}`;
}

/** How a slot stands in its template. */
export interface SlotPlace {
  /** Columns that its lines are indented by. */
  indent: number;
  /** The key that the fillings stand below, or "". */
  key: string;
  /** What stands between two fillings: a line break, or a blank line for prose. */
  separator: string;
}

/**
 * Lays out what features put into a slot.
 *
 * @returns its lines, the first without indentation, for that stands in the template already; ""
 *   when nothing was put in
 */
export function fillSlot(fillings: readonly Filling[], place: SlotPlace): string {
  const some = fillings.filter(({ text }) => text.trim() !== '');
  if (some.length === 0) return '';
  const text =
    place.key === ''
      ? some.map((filling) => guarded(filling, filling.text)).join(place.separator)
      : keyed(place.key, some);
  return moved(text, place.indent).slice(place.indent);
}
