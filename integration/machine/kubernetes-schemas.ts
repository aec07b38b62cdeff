import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { cacheDir, runToSuccess } from '@holdfast/core';

interface Definition {
  $ref?: string;
  type?: string;
  format?: string;
  properties?: Record<string, Definition>;
  additionalProperties?: unknown;
  items?: Definition;
  oneOf?: Definition[];
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

/** Types that the API describes as strings, although it takes numbers for them as well. */
function isLoose(name: string): boolean {
  return name.endsWith('.IntOrString') || name.endsWith('.Quantity');
}

/** As the API server's strict decoding has it: a key that no type names is an error. */
function strict(name: string, definition: Definition): Definition {
  if (isLoose(name)) return { oneOf: [{ type: 'string' }, { type: 'number' }] };
  if (!definition.properties) return definition;
  return { additionalProperties: false, ...definition };
}

/** The folder of a Go module, which is downloaded where it is not there. */
async function moduleFolder(module: string, version: string): Promise<string> {
  const { Dir } = JSON.parse(
    await runToSuccess('go', ['mod', 'download', '-json', `${module}@${version}`], {
      cwd: '/',
      installHint: 'install Go 1.25 or newer',
    }),
  ) as { Dir: string };
  return Dir;
}

/** kubeconform's name of a schema's file. */
function fileName(kind: string, group: string, version: string): string {
  const prefix = group.split('.')[0];
  return `${[kind, prefix, version].filter(Boolean).join('-').toLowerCase()}.json`;
}

/**
 * Keeps schemas in a folder of the cache, made once.
 *
 * @param make gives the files by name
 * @returns the template for kubeconform's `-schema-location`
 */
async function keptSchemas(
  name: string,
  make: () => Promise<Map<string, object>>,
): Promise<string> {
  const folder = join(cacheDir(), 'schemas', name);
  const location = join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  if (there) return location;
  const unfinished = `${folder}.${process.pid}.unfinished`;
  await mkdir(unfinished, { recursive: true });
  for (const [file, schema] of await make()) {
    await writeFile(join(unfinished, file), JSON.stringify(schema));
  }
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  return location;
}

/**
 * The schemas of one Kubernetes release as kubeconform reads them, from the API description in
 * Kubernetes' own Go module.
 *
 * @param version "v1.34.4"
 * @returns the template for kubeconform's `-schema-location`
 */
export async function kubernetesSchemas(version: string): Promise<string> {
  return keptSchemas(version, async () => {
    const folder = await moduleFolder('k8s.io/kubernetes', version);
    const source = await readFile(join(folder, 'api', 'openapi-spec', 'swagger.json'), 'utf8');
    const { definitions } = JSON.parse(source) as { definitions: Record<string, Definition> };
    const all = Object.fromEntries(
      Object.entries(definitions).map(([name, definition]) => [name, strict(name, definition)]),
    );
    const files = new Map<string, object>([['definitions.json', { definitions: all }]]);
    for (const [name, definition] of Object.entries(definitions)) {
      const kinds = definition['x-kubernetes-group-version-kind'] ?? [];
      for (const { group, version: apiVersion, kind } of kinds) {
        const schema = { $ref: `definitions.json#/definitions/${name}` };
        files.set(fileName(kind, group, apiVersion), schema);
      }
    }
    return files;
  });
}

/** A Go module that brings definitions of custom resources, and the files that hold those we need. */
export interface CustomResources {
  module: string;
  version: string;
  files: string[];
}

interface CustomResourceDefinition {
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: Definition } }[];
  };
}

/** As the API server prunes or refuses: a key that no property names is an error. */
function closed(schema: Definition): Definition {
  const { properties, items } = schema;
  const inner = {
    ...(items && { items: closed(items) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, child]) => [key, closed(child)]),
      ),
    }),
  };
  const open = !properties || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return { ...(open ? {} : { additionalProperties: false }), ...schema, ...inner };
}

/**
 * The schemas of custom resources, from the definitions in the Go modules of their operators.
 *
 * @returns the template for kubeconform's `-schema-location`
 */
export async function customSchemas(sources: readonly CustomResources[]): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(sources)).digest('hex').slice(0, 12);
  return keptSchemas(`custom-${name}`, async () => {
    const files = new Map<string, object>();
    for (const { module, version, files: paths } of sources) {
      const folder = await moduleFolder(module, version);
      for (const path of paths) {
        const { spec } = parse(
          await readFile(join(folder, path), 'utf8'),
        ) as CustomResourceDefinition;
        for (const { name: apiVersion, schema } of spec.versions) {
          const text = closed(schema.openAPIV3Schema);
          const properties = { ...text.properties, metadata: { type: 'object' } };
          files.set(fileName(spec.names.kind, spec.group, apiVersion), { ...text, properties });
        }
      }
    }
    return files;
  });
}
