import { KubeConfig } from '@kubernetes/client-node';
import type { KubeClient, RequestOptions } from './client.ts';
import { ApiFailure, isGone, isNotFound } from './failure.ts';
import { collectionPath, objectPath, type Resource } from './resource.ts';

/** A request as the API server of a test got it: "POST /api/v1/namespaces". */
export interface Asked extends RequestOptions {
  line: string;
}

/** A client whose API server is a function: it answers with an object, or throws. */
export function fakeClient(
  answer: (asked: Asked) => unknown,
  signal: AbortSignal = new AbortController().signal,
): KubeClient {
  const send = (method: string, path: string, options: RequestOptions = {}) =>
    Promise.resolve().then(() => answer({ line: `${method} ${path}`, ...options }));
  return {
    config: new KubeConfig(),
    signal,
    request: async (method, path, options) => ({
      text: JSON.stringify(await send(method, path, options)),
      warnings: [],
    }),
    get: async <T>(resource: Resource<T>, name: string, namespace?: string) => {
      try {
        return (await send('GET', objectPath(resource, name, namespace))) as T;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    list: async <T>(resource: Resource<T>, namespace?: string) => {
      const items = (await send('GET', collectionPath(resource, namespace))) as T[];
      return { items, resourceVersion: '1' };
    },
    create: async <T>(resource: Resource<T>, body: unknown, namespace?: string) =>
      (await send('POST', collectionPath(resource, namespace), { body })) as T,
    remove: async (resource, name, namespace, body) => {
      await send('DELETE', objectPath(resource, name, namespace), { body }).catch(
        (error: unknown) => {
          if (!isGone(error)) throw error;
        },
      );
    },
    withSignal: (other) => fakeClient(answer, other),
  };
}

/** The API server's "no such object". */
export function notFound(): ApiFailure {
  return new ApiFailure(404, 'NotFound', 'not found', 'GET /');
}
