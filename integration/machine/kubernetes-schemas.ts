import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, runToSuccess } from '@holdfast/core';

interface Definition {
  $ref?: string;
  type?: string;
  format?: string;
  properties?: Record<string, Definition>;
  additionalProperties?: unknown;
  items?: Definition;
  oneOf?: Definition[];
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

/**
 * The schemas of one Kubernetes release as kubeconform reads them, from the API description in
 * Kubernetes' own Go module; made once and kept in the cache.
 *
 * @param version "v1.34.4"
 * @returns the template for kubeconform's `-schema-location`
 */
export async function kubernetesSchemas(version: string): Promise<string> {
  const folder = join(cacheDir(), 'schemas', version);
  const location = join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  if (there) return location;
  const module = JSON.parse(
    await runToSuccess('go', ['mod', 'download', '-json', `k8s.io/kubernetes@${version}`], {
      cwd: '/',
      installHint: 'install Go 1.25 or newer',
    }),
  ) as { Dir: string };
  const source = await readFile(join(module.Dir, 'api', 'openapi-spec', 'swagger.json'), 'utf8');
  const { definitions } = JSON.parse(source) as { definitions: Record<string, Definition> };
  const unfinished = `${folder}.${process.pid}.unfinished`;
  await mkdir(unfinished, { recursive: true });
  const all = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, strict(name, definition)]),
  );
  await writeFile(join(unfinished, 'definitions.json'), JSON.stringify({ definitions: all }));
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version: apiVersion, kind } of definition[
      'x-kubernetes-group-version-kind'
    ] ?? []) {
      const prefix = group.split('.')[0];
      const file = [kind, prefix, apiVersion].filter(Boolean).join('-').toLowerCase();
      const schema = { $ref: `definitions.json#/definitions/${name}` };
      await writeFile(join(unfinished, `${file}.json`), JSON.stringify(schema));
    }
  }
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  return location;
}
