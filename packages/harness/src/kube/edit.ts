import { HttpMethod } from '@kubernetes/client-node';
import { poll } from '@holdfast/core';
import type { KubeClient } from './client.ts';
import { ApiFailure } from './failure.ts';
import { objectPath, type Resource } from './resource.ts';

const limitMs = 20_000;

/**
 * Changes an object as it is now, and keeps all that is not changed; somebody else's change in between
 * makes it read anew.
 *
 * @param change gives the object as it shall be
 * @returns the object as it became; undefined where there is none of that name
 */
export async function editObject<T>(
  client: KubeClient,
  resource: Resource<T>,
  name: string,
  namespace: string,
  change: (object: T) => T,
): Promise<T | undefined> {
  const path = objectPath(resource, name, namespace);
  const options = { what: `${resource.plural}/${name} to be changed`, limitMs, everyMs: 50 };
  return poll<T | undefined>(
    async () => {
      const object = await client.get(resource, name, namespace);
      if (object === undefined) return { done: true, value: undefined };
      try {
        const answer = await client.request(HttpMethod.PUT, path, { body: change(object) });
        return { done: true, value: JSON.parse(answer.text) as T };
      } catch (error) {
        if (!(error instanceof ApiFailure) || error.reason !== 'Conflict') throw error;
        return { done: false, saw: error.message };
      }
    },
    { ...options, signal: client.signal },
  );
}
