import { badInput, messageOf } from '@holdfast/core';
import Handlebars from 'handlebars';
import { checkPaths } from './check-paths.ts';
import { shapeOf, type Context } from './context.ts';
import { emptyMark, isMaskable, mask, unmask } from './mask.ts';
import { fillSlot } from './slot.ts';

/** A template's text, and how errors name it. */
export interface Template {
  file: string;
  text: string;
}

/** What a feature puts into a slot. */
export interface Contribution {
  slot: string;
  template: Template;
  /** A path of Helm's that the text stands inside `with` of, as a template; "" for none. */
  with: Template;
  /** Helm's conditions, one a line, under which the text prints anything, as a template; "" for always. */
  if: Template;
}

export interface Renderer {
  /** Renders a template; "" when nothing but white space is left. */
  render(template: Template, context: Context): string;
  /** What stands in a slot of the generator's own: the texts of its contributions, in order. */
  collect(slot: string, context: Context): string[];
}

/** Blocks keep the context they stand in: names are found by their place in the text alone. */
function each(this: unknown, list: readonly unknown[], options: Handlebars.HelperOptions): string {
  const data: unknown = options.data;
  return list.map((item) => options.fn(this, { data, blockParams: [item] })).join('');
}

function tidy(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== emptyMark);
  const kept = lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return kept === '' ? '' : `${kept}\n`;
}

function parse({ file, text }: Template): hbs.AST.Program {
  if (!isMaskable(text)) {
    throw badInput('the characters U+E000 to U+E00F cannot stand in a template', { object: file });
  }
  try {
    return Handlebars.parse(mask(text));
  } catch (error) {
    const [, line] = /Parse error on line (\d+)/.exec(messageOf(error)) ?? [];
    const object = line === undefined ? file : `${file}:${line}`;
    const reason = unmask(messageOf(error).split('\n').at(-1) ?? '');
    throw badInput(`the template cannot be parsed: ${reason}`, { object });
  }
}

/** A template that was parsed and checked. */
type Compiled = HandlebarsTemplateDelegate<Context>;

const handlebars = Handlebars.create();

/** Charts share the features' templates: each is parsed and checked once. */
const compiled = new Map<string, Compiled>();

/** Parses and checks a template for contexts that have the same keys, and for slots that are known. */
function compile(template: Template, context: Context, known: readonly string[]): Compiled {
  const features = Object.keys(context.features);
  const id = [template.file, template.text, Object.keys(context), features, known].join('\n');
  const there = compiled.get(id);
  if (there) return there;
  const program = parse(template);
  checkPaths(template.file, program, shapeOf(context), known);
  const print = handlebars.compile<Context>(program, {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: { slot: true, json: true },
  });
  compiled.set(id, print);
  return print;
}

/**
 * A renderer for templates whose tags are `<% %>` and whose `{{ }}` are Helm's.
 *
 * @param contributions what features put into slots, in the order in which it shall stand there
 * @param known the slots that features fill, those left out included
 */
export function createRenderer(
  contributions: readonly Contribution[],
  known: readonly string[],
): Renderer {
  const json = (value: unknown) => JSON.stringify(value);

  function run(template: Template, context: Context): string {
    // Most snippets hold no tag of the generator's.
    if (!template.text.includes('<%') && isMaskable(template.text)) return mask(template.text);
    return compile(template, context, known)(context, { helpers: { each, slot, json } });
  }

  function slot(this: Context, name: string, { hash }: Handlebars.HelperOptions): string {
    const { indent = 0, key = '', prose = false, ...more } = hash as SlotHash;
    const context = { ...this, ...more };
    const fillings = contributions
      .filter((contribution) => contribution.slot === name)
      .map((contribution) => ({
        text: tidy(run(contribution.template, context)).trimEnd(),
        with: run(contribution.with, context),
        if: run(contribution.if, context),
      }));
    const separator = prose ? '\n\n' : '\n';
    return fillSlot(fillings, { indent, key, separator }) || emptyMark;
  }

  return {
    render: (template, context) => unmask(tidy(run(template, context))),
    collect(name, context) {
      return contributions
        .filter((contribution) => contribution.slot === name)
        .map((contribution) => unmask(tidy(run(contribution.template, context))).trim())
        .filter((text) => text !== '');
    },
  };
}

/** What a slot's tag says besides its name: SlotPlace, and more context. */
interface SlotHash {
  indent?: number;
  key?: string;
  /** Text for people: a blank line between two contributions. */
  prose?: boolean;
  role?: NonNullable<Context['role']>;
  volume?: NonNullable<Context['volume']>;
}
