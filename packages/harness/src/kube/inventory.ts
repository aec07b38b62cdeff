import { HttpMethod } from '@kubernetes/client-node';
import type { KubeClient } from './client.ts';
import { ApiFailure } from './failure.ts';
import { basePath, collectionPath } from './resource.ts';

/** An object of a namespace, without what it says. */
export interface Found {
  kind: string;
  metadata: {
    name: string;
    creationTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}

/** A kind, or a whole version of a group, that could not be listed. */
export interface Unread {
  /** As "pods in v1: why". */
  what: string;
  /** Whether the API server itself has it, and no extension of it. */
  builtIn: boolean;
  /** Whether it is refused, as it would be at any other time. */
  forbidden: boolean;
}

/** All that is in a namespace. */
export interface Inventory {
  objects: Found[];
  unread: Unread[];
}

/** The groups of the API server itself that have objects in namespaces; '' is that of "v1". */
const builtInGroups = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'resource.k8s.io',
  'storage.k8s.io',
]);

function isBuiltIn(groupVersion: string): boolean {
  return builtInGroups.has(groupVersion.includes('/') ? groupVersion.replace(/\/.*/, '') : '');
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

/** A kind of which objects are kept: what can't be deleted is computed, as the figures of metrics are. */
function isKept({ name, namespaced, verbs }: ApiResource): boolean {
  return namespaced && !name.includes('/') && verbs.includes('list') && verbs.includes('delete');
}

async function get<T>(client: KubeClient, path: string): Promise<T> {
  return JSON.parse((await client.request(HttpMethod.GET, path)).text) as T;
}

/**
 * Lists every object of every kind in a namespace, each kind in the version that its group prefers.
 *
 * @throws HoldfastError (environment) when the API server does not answer
 */
export async function inventory(client: KubeClient, namespace: string): Promise<Inventory> {
  const { groups } = await get<{ groups: { preferredVersion: { groupVersion: string } }[] }>(
    client,
    '/apis',
  );
  const versions = ['v1', ...groups.map((group) => group.preferredVersion.groupVersion)];
  const unread: Unread[] = [];
  const objects: Found[] = [];
  for (const version of versions) {
    const attempt = async <T>(what: string, path: string, otherwise: T): Promise<T> => {
      try {
        return await get<T>(client, path);
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        unread.push({
          what: `${what}: ${error.message}`,
          builtIn: isBuiltIn(version),
          forbidden: error.status === 403,
        });
        return otherwise;
      }
    };
    const base = basePath(version);
    const none: { resources: ApiResource[] } = { resources: [] };
    const { resources } = await attempt(version, base, none);
    for (const resource of resources.filter(isKept)) {
      const path = collectionPath({ base, plural: resource.name, namespaced: true }, namespace);
      const empty: { items: Omit<Found, 'kind'>[] } = { items: [] };
      const { items } = await attempt(`${resource.name} in ${version}`, path, empty);
      objects.push(...items.map(({ metadata }) => ({ kind: resource.kind, metadata })));
    }
  }
  return { objects, unread };
}
