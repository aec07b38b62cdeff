import type { ErrorObject } from 'ajv';
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

function knownKeys(error: ErrorObject): string[] {
  const schema = error.parentSchema as { properties?: object } | undefined;
  return Object.keys(schema?.properties ?? {});
}

/** What a value should have been: the schema's own words, else what can be told from its keywords. */
function expected(error: ErrorObject): string {
  const schema = (error.parentSchema ?? {}) as Record<string, unknown>;
  if (typeof schema['x-expected'] === 'string') return schema['x-expected'];
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'enum') return (params['allowedValues'] as unknown[]).join(' or ');
  if (error.keyword === 'const') return String(params['allowedValue']);
  if (error.keyword === 'type') {
    const types = [params['type']].flat().join(' or ');
    const words: Record<string, string> = { object: 'a map', array: 'a list', string: 'text' };
    return words[types] ?? `of type ${types}`;
  }
  return error.message ?? error.keyword;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function findingOf(error: ErrorObject, source: SourceText): Finding | undefined {
  const path = stepsOf(error.instancePath, source.data);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'if':
    case 'propertyNames':
      return undefined;
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const hint = suggest(key, knownKeys(error));
      return source.finding([...path, key], 'key', `unknown key "${key}"`, hint);
    }
    case 'required': {
      const key = String(params['missingProperty']);
      return source.finding(path, 'key', `the key "${key}" is missing`);
    }
    default: {
      const given = JSON.stringify(error.data);
      if (error.propertyName !== undefined) {
        const at = [...path, error.propertyName];
        return source.finding(at, 'key', `"${error.propertyName}" is not ${expected(error)}`);
      }
      const shown = given.length > 60 ? `this` : given;
      return source.finding(path, 'value', `${shown} is not ${expected(error)}`, hintFor(error));
    }
  }
}

function hintFor(error: ErrorObject): string | undefined {
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'type' && params['type'] === 'string' && isPlain(error.data)) {
    return `put it in quotes: "${String(error.data)}"`;
  }
  if (error.keyword !== 'enum' || typeof error.data !== 'string') return undefined;
  const allowed = (error.params as { allowedValues: unknown[] }).allowedValues.map(String);
  const hint = suggest(error.data, allowed);
  return hint?.startsWith('did') ? hint : undefined;
}

/** The findings of a validation, each at its place in the file; none twice. */
export function schemaFindings(errors: readonly ErrorObject[], source: SourceText): Finding[] {
  const found = new Map<string, Finding>();
  for (const error of errors) {
    const finding = findingOf(error, source);
    if (finding === undefined) continue;
    const key = `${finding.object} ${finding.message}`;
    if (!found.has(key)) found.set(key, finding);
  }
  return [...found.values()];
}
