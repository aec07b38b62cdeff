import { HttpMethod } from '@kubernetes/client-node';
import type { KubeClient } from './client.ts';
import { isNotFound } from './failure.ts';
import { basePath, type Resource } from './resource.ts';

/** An object as a chart renders it: anything with these four. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  [field: string]: unknown;
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

/** Finds where objects of a kind live; undefined where the API server has no such kind. */
export type Discovery = (
  apiVersion: string,
  kind: string,
) => Promise<Resource<Manifest> | undefined>;

/** A discovery that asks the API server once for each API version. */
export function discovery(client: KubeClient): Discovery {
  const cache = new Map<string, Promise<ApiResource[]>>();
  const ask = async (base: string) => {
    try {
      const answer = await client.request(HttpMethod.GET, base);
      return (JSON.parse(answer.text) as { resources: ApiResource[] }).resources;
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  };
  return async (apiVersion, kind) => {
    const base = basePath(apiVersion);
    const asked = cache.get(base) ?? ask(base);
    cache.set(base, asked);
    const found = (await asked).find((entry) => entry.kind === kind && !entry.name.includes('/'));
    return found && { base, plural: found.name, namespaced: found.namespaced };
  };
}

/** The API server's git version, as in "v1.34.4". */
export async function serverVersion(client: KubeClient): Promise<string> {
  const answer = await client.request(HttpMethod.GET, '/version');
  return (JSON.parse(answer.text) as { gitVersion: string }).gitVersion;
}

const nodes: Resource<{ metadata: { name: string } }> = {
  base: '/api/v1',
  plural: 'nodes',
  namespaced: false,
};

/** The names of the cluster's nodes, sorted. */
export async function nodeNames(client: KubeClient): Promise<string[]> {
  const { items } = await client.list(nodes);
  return items.map((node) => node.metadata.name).sort();
}
