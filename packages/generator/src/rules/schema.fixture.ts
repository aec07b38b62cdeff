import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { at, isData, isOutside, type Data } from './data.fixture.ts';

export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  description?: string;
  examples?: unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
}

/** A value of a chart. */
export interface Leaf {
  path: string[];
  node: Schema;
}

/** "auth.password" */
export function dotted({ path }: Leaf): string {
  return path.join('.');
}

/** All values of a chart; `enabled` at the root is one of the charts that it is a part of. */
export function leavesOf(schema: Schema, path: string[] = []): Leaf[] {
  if (!schema.properties) return [{ path, node: schema }];
  return Object.entries(schema.properties)
    .filter(([key]) => path.length > 0 || key !== 'enabled')
    .flatMap(([key, node]) => leavesOf(node, [...path, key]));
}

/** All maps of values of a chart, the root included. */
export function mapsOf(schema: Schema, path: string[] = []): Leaf[] {
  if (!schema.properties) return [];
  return [
    { path, node: schema },
    ...Object.entries(schema.properties).flatMap(([key, node]) => mapsOf(node, [...path, key])),
  ];
}

/** Values by the end of their keys: `keysNamed(schema, 'replicaCount')` finds those of all roles. */
export function leavesNamed(schema: Schema, name: string): Leaf[] {
  return leavesOf(schema).filter((leaf) => `.${dotted(leaf)}`.endsWith(`.${name}`));
}

export function typesOf(node: Schema): string[] {
  return [node.type ?? []].flat();
}

/** The values' validator: Helm validates what the defaults and the given values are together. */
export function validatorOf(schema: Schema): ValidateFunction {
  return new Ajv({ allErrors: false, strict: false, validateFormats: false }).compile(schema);
}

/** Texts that a pattern takes; the same at every run. */
function matching(pattern: string): string[] {
  try {
    return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 20, seed: 1 });
  } catch {
    return []; // some patterns fast-check can't make texts of
  }
}

const digest = `sha256:${'1'.repeat(64)}`;
const texts = ['other', '7Gi', '7m', '10.1.2.3', '5', '50%', digest];

/** Values of a type that a schema is likely to take; it may refuse some of them. */
function ofType(type: string, node: Schema): unknown[] {
  if (type === 'boolean') return [true, false];
  if (type === 'integer' || type === 'number') {
    const given = typeof node.default === 'number' ? [node.default + 1, node.default - 1] : [];
    return [...given, node.minimum, node.maximum, 3, 31000].filter((one) => one !== undefined);
  }
  if (type === 'string') {
    return [...texts, ...(node.pattern === undefined ? [] : matching(node.pattern))];
  }
  if (type === 'array') {
    const items = node.items ? candidates(node.items) : ['other'];
    return items.filter((item) => item !== '').map((item) => [item]);
  }
  if (type === 'object') return objects(node);
  return [];
}

function objects(node: Schema): unknown[] {
  const names = node.required ?? Object.keys(node.properties ?? {});
  if (names.length === 0) return [{ name: 'other' }, { other: 'other' }];
  const lists = names.map((name) => candidates(at(node, 'properties', name) as Schema));
  return Array.from({ length: 8 }, (_, index) =>
    Object.fromEntries(
      names.map((name, place) => [name, lists[place]?.[index] ?? lists[place]?.[0]]),
    ),
  );
}

/** Values to try in the place of the default one; a schema may refuse some of them. */
export function candidates(node: Schema): unknown[] {
  const all = [
    ...(node.enum ?? []),
    ...(node.examples ?? []),
    ...typesOf(node).flatMap((type) => ofType(type, node)),
  ];
  const seen = new Set([JSON.stringify(node.default)]);
  return all.filter((value) => {
    const text = JSON.stringify(value);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** How many steps of a path a set of values goes along. */
function depthAlong(values: Data, path: readonly string[]): number {
  let depth = 0;
  let node: unknown = values;
  for (const step of path) {
    if (!isData(node) || !(step in node)) break;
    node = node[step];
    depth += 1;
  }
  return depth;
}

/**
 * Sets of values, those first that say something of a value or of what stands beside it, and those
 * last in which the application runs elsewhere.
 */
export function inOrder<T extends { values: Data }>(
  sets: readonly T[],
  path: readonly string[],
): T[] {
  const worth = ({ values }: T) =>
    depthAlong(values, path) - (isOutside(values) && !path.includes('external') ? 9 : 0);
  return [...sets].sort((a, b) => worth(b) - worth(a));
}
