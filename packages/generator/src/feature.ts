import { Ajv } from 'ajv';
import { badInput } from '@holdfast/core';
import type { Guard, ManifestEntry, SlotEntry, Workload } from './entries.ts';
import featureSchemaJson from './feature.schema.json' with { type: 'json' };
import { errorOf } from './finding.ts';
import type { Folder } from './load.ts';
import type { Contribution, Template } from './render.ts';
import { schemaFindings } from './schema-findings.ts';
import { parseSource, type KeyPath } from './source-text.ts';
import { suggest } from './suggest.ts';

/** A file of the chart that a feature brings. */
export interface Manifest {
  /** Its path in the chart, as a template. */
  path: Template;
  template: Template;
  /** Once, or once for each role. */
  per: 'chart' | 'role';
  /** Only for roles of these workloads; none for all. */
  for: Workload[];
  /** When it is there: where the pods are, where the Service leads to them, where its role is. */
  guard: Guard | undefined;
}

/** A feature with its templates. */
export interface Feature {
  name: string;
  order: number;
  title: string;
  description: string;
  /** Path in the model that must hold something; "" for none. */
  when: string;
  /** Values under which the chart renders as if it were generated without the feature. */
  off: Record<string, unknown> | undefined;
  requires: string[];
  conflicts: string[];
  /** Slots of its templates that applications may fill. */
  offers: string[];
  contributions: Contribution[];
  manifests: Manifest[];
  /** Where its YAML file says something, as errors name it. */
  at: (path: KeyPath) => string;
  /** A file of its folder, where it has it. */
  file(path: string): Template | undefined;
  /** All files of its folder. */
  paths: string[];
}

interface FeatureFile {
  name: string;
  order: number;
  title: string;
  description: string;
  when?: string;
  off?: Record<string, unknown>;
  requires?: string[];
  conflicts?: string[];
  offers?: string[];
  slots?: SlotEntry[];
  manifests?: ManifestEntry[];
}

const validate = new Ajv({
  allErrors: true,
  verbose: true,
  validateSchema: false,
  code: { optimize: false },
})
  .addVocabulary(['x-expected'])
  .compile<FeatureFile>(featureSchemaJson);

/** A folder that contributes to charts, with what its YAML file says of it. */
export interface FeatureSource {
  /** The YAML file as the user knows it. */
  file: string;
  /** Where the file says something, as errors name it. */
  at: (path: KeyPath) => string;
  /** How errors name the folder. */
  dir: string;
  folder: Folder;
}

/**
 * Makes a feature of a folder.
 *
 * @throws HoldfastError (badInput) when a file that it names is missing
 */
export function featureOf(entry: FeatureFile, source: FeatureSource): Feature {
  const { file, at, dir, folder } = source;
  const { slots = [], manifests = [] } = entry;
  const find = (path: string) => {
    const content = folder.get(path);
    return content === undefined ? undefined : { file: `${dir}/${path}`, text: content };
  };
  const template = (path: string, key: KeyPath) => {
    const found = find(path);
    if (found) return found;
    const hint = suggest(path, [...folder.keys()]);
    throw badInput(`the file "${path}" is missing`, { object: at(key), ...(hint && { hint }) });
  };
  const snippet = (text: string) => ({ file, text });
  return {
    name: entry.name,
    order: entry.order,
    title: entry.title,
    description: entry.description,
    when: entry.when ?? '',
    off: entry.off,
    requires: entry.requires ?? [],
    conflicts: entry.conflicts ?? [],
    offers: entry.offers ?? [],
    contributions: slots.map((slot, index) => ({
      slot: slot.slot,
      template: template(slot.template, ['slots', index, 'template']),
      with: snippet(slot.with ?? ''),
      if: snippet(slot.if ?? ''),
    })),
    manifests: manifests.map((manifest, index) => ({
      path: snippet(manifest.path),
      template: template(manifest.template, ['manifests', index, 'template']),
      per: manifest.per ?? 'chart',
      for: manifest.for ?? [],
      guard: manifest.guard,
    })),
    at,
    file: find,
    paths: [...folder.keys()],
  };
}

/** What was read already: all charts have the same features. */
const parsed = new Map<string, FeatureFile>();

function parseFile(file: string, text: string): FeatureFile {
  const id = `${file}\n${text}`;
  const there = parsed.get(id);
  if (there) return there;
  const source = parseSource(file, text);
  const { data } = source;
  if (!validate(data)) throw errorOf(file, schemaFindings(validate.errors ?? [], source));
  parsed.set(id, data);
  return data;
}

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
  const file = `${dir}/feature.yaml`;
  const entry = parseFile(file, text);
  if (entry.name !== name) {
    throw badInput(`the feature calls itself "${entry.name}"`, { object: file });
  }
  const at = (path: KeyPath) => parseSource(file, text).finding(path, 'value', '').object;
  return featureOf(entry, { file, at, dir, folder });
}
