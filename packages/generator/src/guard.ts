import type { Context } from './context.ts';
import type { Guard } from './entries.ts';
import type { Model } from './model.ts';
import type { Renderer } from './render.ts';

/** Helm's condition that all of these make; "" for none. */
function allOf(conditions: readonly string[]): string {
  const some = conditions.filter((condition) => condition !== '');
  if (some.length < 2) return some.join('');
  return `and ${some.map((condition) => `(${condition})`).join(' ')}`;
}

const opening = /^\{\{- if ([^{}]*) \}\}\n/;
const closing = '{{- end }}\n';

/** The condition of a text that stands in one `if` as a whole, and what stands in it. */
function wholeIf(text: string): { condition: string; inner: string } | undefined {
  const condition = opening.exec(text)?.[1];
  if (condition === undefined || !text.endsWith(closing)) return undefined;
  const inner = text.slice(text.indexOf('\n') + 1, -closing.length);
  let depth = 1;
  for (const [, word] of inner.matchAll(/\{\{-?\s*(if|with|range|define|block|else|end)\b/g)) {
    if (word === 'end') depth -= 1;
    else if (word === 'else' && depth === 1) return undefined;
    else if (word !== 'else') depth += 1;
    if (depth === 0) return undefined;
  }
  return depth === 1 ? { condition, inner } : undefined;
}

function inIf(condition: string, text: string): string {
  const whole = wholeIf(text);
  if (!whole) return `{{- if ${condition} }}\n${text}${closing}`;
  const { condition: own, inner } = whole;
  // What stands behind a pipe takes all that is before it.
  const isAnd = own.startsWith('and ') && !own.includes('|');
  const parts = isAnd ? own.slice('and '.length) : ownTerm(own);
  const line = `{{- if and (${condition}) ${parts} }}`;
  const head = line.length <= 140 ? line : `{{- if and\n  (${condition})\n  ${parts}\n}}`;
  return `${head}\n${inner}${closing}`;
}

/** A condition as an argument of `and`. */
function ownTerm(condition: string): string {
  return condition.includes(' ') ? `(${condition})` : condition;
}

/** Puts a manifest into the condition under which it is a part of the release. */
export function guarded(text: string, guard: Guard, context: Context, renderer: Renderer): string {
  const { present, modeCondition = '' } = context.role ?? { present: context.present };
  const condition = {
    pods: () => present,
    service: () => allOf([...renderer.collect('service.if', context), modeCondition]),
    mode: () => modeCondition,
  }[guard]();
  return condition === '' ? text : inIf(condition, text);
}

/** The model with the conditions under which pods are a part of the release. */
export function withPresence(model: Model, renderer: Renderer): Model {
  const present = allOf(renderer.collect('pods.if', model));
  const roles = model.roles.map((role) => ({
    ...role,
    present: allOf([present, role.modeCondition]),
  }));
  return { ...model, present, roles, main: roles[0] ?? model.main };
}
