import type { ErrorObject } from 'ajv';
import { stringify } from 'yaml';
import type { Finding } from './finding.ts';
import type { KeyPath, SourceText } from './source-text.ts';
import { suggest } from './suggest.ts';

function stepsOf(pointer: string, data: unknown): KeyPath {
  const steps: (string | number)[] = [];
  let at: unknown = data;
  for (const raw of pointer.split('/').slice(1)) {
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    const key = Array.isArray(at) ? Number(step) : step;
    at = (at as Record<string | number, unknown> | undefined)?.[key];
    steps.push(key);
  }
  return steps;
}

type Schema = Record<string, unknown>;

function schemaOf(error: ErrorObject): Schema {
  return error.parentSchema ?? {};
}

/** The schemas of the keys that are known where the error is. */
function knownKeys(error: ErrorObject): Record<string, Schema> {
  return (schemaOf(error)['properties'] ?? {}) as Record<string, Schema>;
}

/** A value as people write it on one line of YAML. */
function written(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

/** Values that a schema would take: those that it gives itself, else what it is bound to. */
function examplesOf(schema: Schema): string[] {
  const { examples, enum: allowed, const: only } = schema;
  const values = examples ?? allowed ?? (only === undefined ? [] : [only]);
  return (values as unknown[]).map(written);
}

/** "a", "a or b", "a, b or c". */
function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

/** Is it a number, true or false that would be right as text? */
function needsQuotes(error: ErrorObject): boolean {
  const { type, pattern } = schemaOf(error);
  const { keyword, data } = error;
  if (keyword !== 'type' || type !== 'string') return false;
  if (!['number', 'boolean'].includes(typeof data)) return false;
  return typeof pattern !== 'string' || new RegExp(pattern).test(String(data));
}

/** What a value is not: the schema's own words, else what can be told from its keywords. */
function complaint(error: ErrorObject): string {
  if (needsQuotes(error)) return 'is not text';
  const { 'x-expected': words } = schemaOf(error);
  if (typeof words === 'string') return `is not ${words}`;
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'enum':
      return `is not ${alternatives((params['allowedValues'] as unknown[]).map(String))}`;
    case 'const':
      return `is not ${String(params['allowedValue'])}`;
    case 'type': {
      const types = [params['type']].flat().join(' or ');
      const known: Record<string, string> = { object: 'a map', array: 'a list', string: 'text' };
      return `is not ${known[types] ?? `of type ${types}`}`;
    }
    case 'minItems':
    case 'minProperties':
      return params['limit'] === 1 ? 'is empty' : `has fewer than ${String(params['limit'])}`;
    case 'uniqueItems':
      return 'holds the same twice';
    default:
      return error.message ?? error.keyword;
  }
}

function findingOf(error: ErrorObject, source: SourceText): Finding | undefined {
  const path = stepsOf(error.instancePath, source.data);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'if':
    case 'propertyNames':
      return undefined;
    case 'oneOf': {
      const { 'x-expected': words = 'one of its alternatives' } = schemaOf(error);
      const hint = exampleHint(error, 'value');
      return source.finding(path, 'key', `this is not ${String(words)}`, hint);
    }
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const hint = suggest(key, Object.keys(knownKeys(error)));
      return source.finding([...path, key], 'key', `unknown key "${key}"`, hint);
    }
    case 'required': {
      const key = String(params['missingProperty']);
      const [example] = examplesOf(knownKeys(error)[key] ?? {});
      const hint = example === undefined ? 'add it' : `add it: ${key}: ${example}`;
      return source.finding(path, 'key', `the key "${key}" is missing`, hint);
    }
    default: {
      const given = JSON.stringify(error.data);
      if (error.propertyName !== undefined) {
        const at = [...path, error.propertyName];
        const message = `"${error.propertyName}" ${complaint(error)}`;
        return source.finding(at, 'key', message, exampleHint(error, 'name'));
      }
      const shown = given.length > 60 ? 'this' : given;
      return source.finding(path, 'value', `${shown} ${complaint(error)}`, hintFor(error));
    }
  }
}

function exampleHint(error: ErrorObject, what: 'name' | 'value'): string | undefined {
  const schema = schemaOf(error);
  const examples = examplesOf(schema);
  if (examples.length > 0) return `write a ${what} such as ${alternatives(examples)}`;
  const { 'x-expected': words } = schema;
  return typeof words === 'string' ? `write ${words}` : undefined;
}

/** What to write in the place of a value that is not what it should be. */
function hintFor(error: ErrorObject): string | undefined {
  const { keyword, data } = error;
  const params = error.params as Record<string, unknown>;
  if (keyword === 'enum' || keyword === 'const') {
    const allowed = examplesOf({ enum: params['allowedValues'] ?? [params['allowedValue']] });
    return suggest(typeof data === 'string' ? data : written(data), allowed);
  }
  if (needsQuotes(error)) return `put it in quotes: "${String(data)}"`;
  if (keyword === 'uniqueItems') return 'leave one of them out';
  const hint = exampleHint(error, 'value');
  if (hint !== undefined) return hint;
  if (/^min(Items|Properties)$/.test(keyword)) return 'leave the key out, or fill it';
  if (keyword !== 'type') return undefined;
  if (params['type'] === 'string') return 'write text';
  if (params['type'] === 'array') return 'write a list: [first, second]';
  const keys = Object.keys(knownKeys(error));
  if (params['type'] !== 'object') return undefined;
  return keys.length === 0 ? 'write a map: { key: value }' : `its keys are ${keys.join(', ')}`;
}

/** The findings of a validation, each at its place in the file; none twice. */
export function schemaFindings(errors: readonly ErrorObject[], source: SourceText): Finding[] {
  const found = new Map<string, Finding>();
  for (const error of errors) {
    // What each alternative lacks is said by the choice itself.
    if (error.schemaPath.includes('/oneOf/')) continue;
    const finding = findingOf(error, source);
    if (finding === undefined) continue;
    const key = `${finding.object} ${finding.message}`;
    if (!found.has(key)) found.set(key, finding);
  }
  return [...found.values()];
}
