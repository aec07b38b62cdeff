import { badInput } from '@holdfast/core';
import { parseAllDocuments, type Tags } from 'yaml';

/** A rendered object; Helm's own hook annotation tells tests and hooks from the rest. */
export interface RenderedObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> };
  [field: string]: unknown;
}

type Json = Record<string, unknown>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function flatten(value: Json): Json[] {
  const items = value['items'];
  if (typeof value['kind'] === 'string' && value['kind'].endsWith('List') && Array.isArray(items)) {
    return items.filter(isRecord).flatMap(flatten);
  }
  return [value];
}

/**
 * Scalars as Helm's own parser reads them: YAML 1.1 (`0555` is octal, `yes` is true), but times and
 * dates are text, and `0o17` is a number as in YAML 1.2.
 */
function helmTags(tags: Tags): Tags {
  const isTime = (tag: Tags[number]) =>
    typeof tag === 'object' && (tag.format === 'TIME' || tag.tag.endsWith(':timestamp'));
  return [...tags.filter((tag) => !isTime(tag)), 'intOct'];
}

/**
 * The objects of a rendered chart, with lists taken apart and empty documents left out.
 *
 * @throws HoldfastError (badInput) when the text is not YAML or a document is no Kubernetes object
 */
export function parseManifests(text: string): RenderedObject[] {
  const documents = parseAllDocuments(text, { version: '1.1', customTags: helmTags });
  const found = Array.isArray(documents) ? documents : [];
  return found.flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      throw badInput(`the rendered chart is not YAML: ${error.message}`, { cause: error });
    }
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    return (isRecord(value) ? flatten(value) : [{}]).map(asObject);
  });
}

function asObject(value: Json): RenderedObject {
  const metadata = value['metadata'];
  if (
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isRecord(metadata) &&
    typeof metadata['name'] === 'string'
  ) {
    return value as RenderedObject;
  }
  throw badInput('a rendered document lacks apiVersion, kind or a name', {
    object: JSON.stringify(value).slice(0, 120),
  });
}

/** The hooks that an object is of: `helm.sh/hook: pre-install,test` → two; none for the rest. */
export function hooksOf(object: RenderedObject): string[] {
  const hooks = object.metadata.annotations?.['helm.sh/hook'] ?? '';
  return hooks
    .split(',')
    .map((hook) => hook.trim())
    .filter((hook) => hook !== '');
}

/** The objects of a kind that belong to a release for as long as it stands: no hooks. */
export function ofKind(objects: readonly RenderedObject[], kind: string): RenderedObject[] {
  return objects.filter((object) => object.kind === kind && hooksOf(object).length === 0);
}

const containerFields = new Set(['containers', 'initContainers']);

/** Every image that a container of these objects names, in pods and in pod templates, sorted. */
export function imagesOf(objects: readonly RenderedObject[]): string[] {
  const images = new Set<string>();
  const visit = (value: unknown) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isRecord(value)) Object.entries(value).forEach(visitField);
  };
  const visitField = ([key, value]: [string, unknown]) => {
    if (containerFields.has(key) && Array.isArray(value)) {
      for (const entry of value) {
        if (isRecord(entry) && typeof entry['image'] === 'string') images.add(entry['image']);
      }
    }
    visit(value);
  };
  const withPods = objects.filter((object) => object.kind !== 'CustomResourceDefinition');
  withPods.forEach(visit);
  return [...images].sort();
}
