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
function withDefaults(node: ValueSchema, given: unknown, file: string): ValueSchema {
  if (!node.properties || !isObject(given)) return { ...node, default: given };
  const known = Object.keys(node.properties);
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const hint = suggest(key, known);
    throw badInput(`a default for "${key}", which the shared schema does not have`, {
      object: file,
      ...(hint && { hint }),
    });
  }
  const entries = Object.entries(node.properties).map(([key, child]): [string, ValueSchema] => [
    key,
    key in given ? withDefaults(child, given[key], file) : child,
  ]);
  return { ...node, properties: Object.fromEntries(entries) };
}

/** Keywords whose content is data, in which `$ref` is a key like any other. */
const data = ['examples', 'enum', 'const'];

/**
 * Puts shared schemas in the place of references: `$ref` names one, the keywords beside it replace
 * those that it has, and a `default` beside it sets the defaults of the keys below it.
 *
 * @param shared schemas by name
 * @param file how errors name the fragment
 * @param within names of the shared schemas that the node stands in
 * @throws HoldfastError (badInput) for a name that is not there, a schema that refers to itself, and
 *   a default of a key that the schema does not have
 */
export function resolveReferences(
  node: unknown,
  shared: Shared,
  file: string,
  within: readonly string[] = [],
): unknown {
  const inner = (child: unknown) => resolveReferences(child, shared, file, within);
  if (Array.isArray(node)) return node.map(inner);
  if (!isObject(node)) return node;
  const mapped = (map: object, take: (key: string, child: unknown) => unknown) =>
    Object.fromEntries(Object.entries(map).map(([key, child]) => [key, take(key, child)]));
  const { $ref: name, default: given, ...own } = node;
  const rest = mapped(own, (key, child) => {
    if (data.includes(key)) return child;
    // Below it are names of values, which may be those of keywords.
    return key === 'properties' && isObject(child)
      ? mapped(child, (_, one) => inner(one))
      : inner(child);
  });
  if (typeof name !== 'string') return 'default' in node ? { ...rest, default: given } : rest;
  if (within.includes(name)) {
    throw badInput(`the shared schema "${name}" refers to itself`, { object: file });
  }
  if (!Object.hasOwn(shared, name)) {
    const hint = suggest(name, Object.keys(shared));
    throw badInput(`no shared schema is called "${name}"`, { object: file, ...(hint && { hint }) });
  }
  const found = resolveReferences(shared[name], shared, file, [...within, name]);
  const merged = { ...(found as ValueSchema), ...rest };
  return given === undefined ? merged : withDefaults(merged, given, file);
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
    const there = Object.hasOwn(into, name) ? into[name] : undefined;
    if (there === undefined) into[name] = node;
    else if (there.properties && node.properties) {
      mergeFragment(there.properties, node.properties, file, `${key}.`);
    } else throw badInput('another feature has this value already', { object: `${file} ${key}` });
  }
}
