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
}

/**
 * Creates an object as a server-side dry run with strict field validation: admission, defaults and
 * schema are the server's own, a misspelled or doubled field is refused, nothing is kept.
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
  const path = collectionPath(resource, manifest.metadata.namespace ?? namespace);
  try {
    const answer = await client.request(HttpMethod.POST, path, {
      query: { dryRun: 'All', fieldValidation: 'Strict', fieldManager: 'holdfast' },
      body: manifest,
    });
    return { object, warnings: answer.warnings };
  } catch (error) {
    if (error instanceof ApiFailure) return { object, refusal: error.message, warnings: [] };
    throw error;
  }
}
