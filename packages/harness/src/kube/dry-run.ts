import { HttpMethod } from '@kubernetes/client-node';
import type { KubeClient } from './client.ts';
import type { Discovery, Manifest } from './discovery.ts';
import { ApiFailure } from './failure.ts';
import { collectionPath } from './resource.ts';

/** What the API server would have answered to an object's creation. */
export interface DryRun {
  /** "Kind/name". */
  object: string;
  /** Why it was refused; undefined where it was accepted. */
  refusal?: string;
  /** What it was warned about, Pod Security violations of a workload's template among it. */
  warnings: string[];
  /** The namespace that the object names, where that is not the one it was judged in. */
  elsewhere?: string;
}

/**
 * Creates an object as a server-side dry run with strict field validation: admission, defaults and
 * schema are the server's own, a misspelled or doubled field is refused, nothing is kept. It is
 * judged in the given namespace, whatever it names: another one need not exist here, and does not
 * enforce what that one does.
 *
 * @throws HoldfastError (environment) when the API server does not answer
 */
export async function dryRun(
  client: KubeClient,
  discover: Discovery,
  manifest: Manifest,
  namespace: string,
): Promise<DryRun> {
  const object = `${manifest.kind}/${manifest.metadata.name}`;
  const resource = await discover(manifest.apiVersion, manifest.kind);
  if (resource === undefined) {
    const refusal = `the API server knows no ${manifest.kind} in ${manifest.apiVersion}`;
    return { object, refusal, warnings: [] };
  }
  const { metadata } = manifest;
  const named = resource.namespaced ? metadata.namespace : undefined;
  const moved = named !== undefined && named !== namespace;
  const away = moved ? { elsewhere: named } : {};
  const body = moved ? { ...manifest, metadata: { ...metadata, namespace } } : manifest;
  const path = collectionPath(resource, namespace);
  try {
    const answer = await client.request(HttpMethod.POST, path, {
      query: { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'holdfast' },
      body,
    });
    return { object, warnings: answer.warnings, ...away };
  } catch (error) {
    if (error instanceof ApiFailure) {
      return { object, refusal: error.message, warnings: [], ...away };
    }
    throw error;
  }
}
