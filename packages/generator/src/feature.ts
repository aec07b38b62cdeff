import { Ajv } from 'ajv';
import { badInput } from '@holdfast/core';
import featureSchemaJson from './feature.schema.json' with { type: 'json' };
import { errorOf } from './finding.ts';
import type { Folder } from './load.ts';
import type { Contribution, Template } from './render.ts';
import { schemaFindings } from './schema-findings.ts';
import { parseSource } from './source-text.ts';

/** A file of the chart that a feature brings. */
export interface Manifest {
  /** Its path in the chart, as a template. */
  path: Template;
  template: Template;
  /** Once, or once for each role. */
  per: 'chart' | 'role';
}

/** A feature with its templates. */
export interface Feature {
  name: string;
  order: number;
  title: string;
  default: boolean;
  requires: string[];
  conflicts: string[];
  contributions: Contribution[];
  manifests: Manifest[];
  /** A file of its folder, where it has it. */
  file(path: string): Template | undefined;
  /** All files of its folder. */
  paths: string[];
}

interface FeatureFile {
  name: string;
  order: number;
  title: string;
  default?: boolean;
  requires?: string[];
  conflicts?: string[];
  slots?: { slot: string; template: string; with?: string; if?: string }[];
  manifests?: { path: string; template: string; per?: 'chart' | 'role' }[];
}

const validate = new Ajv({ allErrors: true, verbose: true }).compile<FeatureFile>(
  featureSchemaJson,
);

/**
 * Reads a feature's folder.
 *
 * @param name its folder's name
 * @param dir how errors name its folder
 * @throws HoldfastError (badInput) when feature.yaml is missing or wrong, or names a missing file
 */
export function parseFeature(name: string, dir: string, folder: Folder): Feature {
  const text = folder.get('feature.yaml');
  if (text === undefined) throw badInput('the feature has no feature.yaml', { object: dir });
  const source = parseSource(`${dir}/feature.yaml`, text);
  if (!validate(source.data)) {
    throw errorOf(source.file, schemaFindings(validate.errors ?? [], source));
  }
  const { slots = [], manifests = [], ...rest } = source.data;
  if (rest.name !== name) {
    throw badInput(`the feature calls itself "${rest.name}"`, { object: source.file });
  }
  const file = (path: string) => {
    const content = folder.get(path);
    return content === undefined ? undefined : { file: `${dir}/${path}`, text: content };
  };
  const template = (path: string) => {
    const found = file(path);
    if (found) return found;
    throw badInput(`the file "${path}" is missing`, { object: source.file });
  };
  const snippet = (content: string) => ({ file: source.file, text: content });
  return {
    name,
    order: rest.order,
    title: rest.title,
    default: rest.default ?? true,
    requires: rest.requires ?? [],
    conflicts: rest.conflicts ?? [],
    contributions: slots.map((entry) => ({
      slot: entry.slot,
      template: template(entry.template),
      with: snippet(entry.with ?? ''),
      if: snippet(entry.if ?? ''),
    })),
    manifests: manifests.map((entry) => ({
      path: snippet(entry.path),
      template: template(entry.template),
      per: entry.per ?? 'chart',
    })),
    file,
    paths: [...folder.keys()],
  };
}
