import { badInput } from '@holdfast/core';

/** A value's JSON Schema (draft-07); a map of values has `properties`, anything else a `default`. */
export interface ValueSchema {
  description?: string;
  default?: unknown;
  examples?: unknown[];
  properties?: Record<string, ValueSchema>;
  additionalProperties?: unknown;
  [keyword: string]: unknown;
}

/** Is it a map, and not a list? */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
