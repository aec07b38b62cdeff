import { badInput, messageOf } from '@holdfast/core';
import type { ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { errorOf, type Finding } from './finding.ts';
import { isObject, type ValueSchema } from './fragment.ts';
import { schemaFindings } from './schema-findings.ts';
import { parseSource, printPath, type KeyPath, type SourceText } from './source-text.ts';
import { suggest } from './suggest.ts';
import type { Values } from './values.ts';

/** A feature that a chart is generated without, and the values that it would have brought. */
export interface LeftOut {
  feature: string;
  values: Values;
}

type Properties = Record<string, ValueSchema>;

/** What the walk through the given values needs at every step. */
interface Walk {
  source: SourceText;
  leftOut: readonly LeftOut[];
  report: (path: KeyPath, at: 'key' | 'value', message: string, hint?: string) => void;
}

/** A value on one line, as an error shows it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? 'this' : text;
}

/** Maps are merged key by key and null takes a key away, as Helm merges values over a chart's own. */
function mergeMaps(
  base: Record<string, unknown>,
  over: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const former = merged[key];
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = isObject(value) ? mergeMaps(isObject(former) ? former : {}, value) : value;
  }
  return merged;
}

/** May the value of a leaf be of this type? A leaf that does not say so is left to its schema. */
function takes({ type, enum: allowed }: ValueSchema, name: string): boolean {
  if (type === undefined) return allowed === undefined;
  return [type].flat().includes(name);
}

function bakeLeaf(leaf: ValueSchema, given: unknown, path: KeyPath, walk: Walk): ValueSchema {
  const { default: former } = leaf;
  const isMap = isObject(former);
  if (isObject(given)) {
    if (isMap || takes(leaf, 'object')) {
      return { ...leaf, default: mergeMaps(isMap ? former : {}, given) };
    }
    const hint = `the chart's own value is ${JSON.stringify(former)}`;
    walk.report(path, 'value', `${printPath(path)} takes no map`, hint);
  } else if (given === null && !takes(leaf, 'null')) {
    if (isMap) return { ...leaf, default: {} };
    walk.report(path, 'value', 'null is no default', 'leave the key out, or give it a value');
  } else if (isMap && leaf['type'] === 'object') {
    walk.report(path, 'value', `${shown(given)} is not a map`, 'write a map: { key: value }');
  } else return { ...leaf, default: given };
  return leaf;
}

/** The feature that would know the key path, had it not been left out. */
function featureOf(path: KeyPath, leftOut: readonly LeftOut[]): string | undefined {
  return leftOut.find(({ values }) => {
    let at: ValueSchema | undefined = { properties: values.properties };
    for (const step of path) at = at?.properties?.[step];
    return at !== undefined;
  })?.feature;
}

function reportUnknown(known: Properties, path: KeyPath, walk: Walk): void {
  const key = String(path.at(-1));
  const feature = featureOf(path, walk.leftOut);
  const hint =
    feature === undefined
      ? suggest(key, Object.keys(known))
      : `it belongs to the feature "${feature}", which this chart is generated without`;
  walk.report(path, 'key', `unknown key "${key}"`, hint);
}

function bakeMap(node: ValueSchema, given: unknown, path: KeyPath, walk: Walk): ValueSchema {
  const known = node.properties ?? {};
  if (!isObject(given)) {
    const keys = Object.keys(known);
    const hint = keys.length === 0 ? 'write a map: { key: value }' : `its keys: ${keys.join(', ')}`;
    walk.report(path, 'value', `${shown(given)} is not a map`, hint);
    return node;
  }
  const properties = { ...known };
  for (const [key, value] of Object.entries(given)) {
    const inner = [...path, key];
    const there = Object.hasOwn(known, key) ? known[key] : undefined;
    if (there?.properties) properties[key] = bakeMap(there, value, inner, walk);
    else if (there) properties[key] = bakeLeaf(there, value, inner, walk);
    else if (node.additionalProperties === true) {
      // What nobody described goes into a map that is open, as an installation's own values do.
      const description = `More of ${printPath(path)}, among the defaults of this chart`;
      if (value !== null) properties[key] = { description, default: value };
    } else reportUnknown(known, inner, walk);
  }
  return { ...node, properties };
}

/** The text as Helm reads it. */
function readAsHelm(file: string, text: string): unknown {
  try {
    return parse(text, { version: '1.1', logLevel: 'silent' });
  } catch (cause) {
    throw badInput(`Helm, which reads YAML 1.1, cannot read this: ${messageOf(cause)}`, {
      object: file,
      hint: 'put a key or value that is not plain text in quotes',
      cause,
    });
  }
}

/** Scalars that mean something else to Helm, such as 0644 and yes, are not for us to guess. */
function checkAsHelm(value: unknown, asHelm: unknown, path: KeyPath, walk: Walk): void {
  if (Array.isArray(value) && Array.isArray(asHelm)) {
    value.forEach((item, index) => {
      checkAsHelm(item, asHelm[index], [...path, index], walk);
    });
  } else if (isObject(value) && isObject(asHelm)) {
    for (const [key, item] of Object.entries(value)) {
      checkAsHelm(item, asHelm[key], [...path, key], walk);
    }
  } else if (!Object.is(value, asHelm)) {
    const other = asHelm === undefined ? 'it another way' : JSON.stringify(asHelm);
    const hint = `write ${other}, or put it in quotes`;
    walk.report(path, 'value', 'Helm, which reads YAML 1.1, takes this for something else', hint);
  }
}

/**
 * Replaces defaults by those of an organisation; what is given must be a value of the chart. Maps that
 * the chart passes through are merged as Helm merges them, everything else is replaced.
 *
 * Whether a default is what its schema asks for is not seen here: see {@link defaultFindings}.
 *
 * @param values are not changed
 * @param file how to name the file in errors
 * @param text YAML, as a values file for Helm
 * @param leftOut features that the chart is generated without, for errors to name them
 * @throws HoldfastError (badInput) that names every unknown key, and every map that stands in the
 *   place of a single value or the other way round, by line, column and key
 */
export function bakeDefaults(
  values: Values,
  file: string,
  text: string,
  leftOut: readonly LeftOut[] = [],
): Values {
  const source = parseSource(file, text);
  const findings: Finding[] = [];
  const report: Walk['report'] = (...args) => findings.push(source.finding(...args));
  const walk = { source, leftOut, report };
  const { properties = {} } = bakeMap({ properties: values.properties }, source.data, [], walk);
  if (findings.length === 0) {
    checkAsHelm(source.data, readAsHelm(file, text), [], walk);
  }
  if (findings.length > 0) throw errorOf(file, findings);
  return { ...values, properties: structuredClone(properties) };
}

/** Is the path, or what stands below it, in the data? */
function holds(data: unknown, pointer: string): boolean {
  let at = data;
  for (const raw of pointer.split('/').slice(1)) {
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(step)] as unknown;
    else if (isObject(at) && Object.hasOwn(at, step)) at = at[step];
    else return false;
  }
  return true;
}

/**
 * What a chart's own schema finds wrong with defaults that an organisation gave, each at its place in
 * their file. An error about what the file does not hold is left out: it is the chart's own.
 *
 * @param errors of a validation with `allErrors` and `verbose`
 */
export function defaultFindings(
  errors: readonly ErrorObject[],
  file: string,
  text: string,
): Finding[] {
  const source = parseSource(file, text);
  const theirs = errors.filter(({ instancePath }) => holds(source.data, instancePath));
  return schemaFindings(theirs, source);
}
