import { badInput } from '@holdfast/core';
import { suggest } from './suggest.ts';

/** A value's JSON Schema (draft-07); a map of values has `properties`, anything else a `default`. */
export interface ValueSchema {
  description?: string;
  default?: unknown;
  examples?: unknown[];
  properties?: Record<string, ValueSchema>;
  additionalProperties?: unknown;
  [keyword: string]: unknown;
}

/** Schemas that fragments refer to, by name. */
export type Shared = Readonly<Record<string, unknown>>;

/** Is it a map, and not a list? */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets defaults of keys below a map of values; those of a leaf as a whole. */
function withDefaults(node: ValueSchema, given: unknown): ValueSchema {
  if (!node.properties || !isObject(given)) return { ...node, default: given };
  const entries = Object.entries(node.properties).map(([key, child]): [string, ValueSchema] => [
    key,
    key in given ? withDefaults(child, given[key]) : child,
  ]);
  return { ...node, properties: Object.fromEntries(entries) };
}

/**
 * Puts shared schemas in the place of references: `$ref` names one, the keywords beside it replace
 * those that it has, and a `default` beside it sets the defaults of the keys below it.
 *
 * @param shared schemas by name
 * @param file how errors name the fragment
 * @throws HoldfastError (badInput) for a name that is not there
 */
export function resolveReferences(node: unknown, shared: Shared, file: string): unknown {
  if (Array.isArray(node)) return node.map((item) => resolveReferences(item, shared, file));
  if (!isObject(node)) return node;
  const { $ref: name, default: given, ...own } = node;
  const entries = Object.entries(own).map(([key, child]): [string, unknown] => [
    key,
    resolveReferences(child, shared, file),
  ]);
  const rest = Object.fromEntries(entries);
  if (typeof name !== 'string') return 'default' in node ? { ...rest, default: given } : rest;
  const found = shared[name];
  if (found === undefined) {
    const hint = suggest(name, Object.keys(shared));
    throw badInput(`no shared schema is called "${name}"`, { object: file, ...(hint && { hint }) });
  }
  const merged = { ...(resolveReferences(found, shared, file) as ValueSchema), ...rest };
  return given === undefined ? merged : withDefaults(merged, given);
}

function checkNode(node: unknown, key: string, file: string): asserts node is ValueSchema {
  const object = `${file} ${key}`;
  if (!isObject(node)) throw badInput('a value is described by a map', { object });
  if (typeof node['description'] !== 'string') {
    throw badInput('the value has no description', { object });
  }
  if (isObject(node['properties'])) {
    for (const [name, child] of Object.entries(node['properties'])) {
      checkNode(child, `${key}.${name}`, file);
    }
  } else if (!('default' in node)) throw badInput('the value has no default', { object });
}

/**
 * Adds a fragment's values to those that are there; maps of values are merged, key by key.
 *
 * @param into is added to
 * @param fragment keys and their schemas
 * @param file how errors name the fragment
 * @throws HoldfastError (badInput) for a value without description or default, or that is there
 */
export function mergeFragment(
  into: Record<string, ValueSchema>,
  fragment: unknown,
  file: string,
  prefix = '',
): void {
  if (!isObject(fragment)) throw badInput('a fragment is a map of values', { object: file });
  for (const [name, node] of Object.entries(fragment)) {
    const key = prefix + name;
    checkNode(node, key, file);
    const there = into[name];
    if (there === undefined) into[name] = node;
    else if (there.properties && node.properties) {
      mergeFragment(there.properties, node.properties, file, `${key}.`);
    } else throw badInput('another feature has this value already', { object: `${file} ${key}` });
  }
}
