import { Watch } from '@kubernetes/client-node';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeClient } from './client.ts';
import { changesSince, type Change, type Watched } from './changes.ts';
import { collectionPath, type Resource } from './resource.ts';

/** A running watch; disposing of it ends it. */
export interface Recording extends AsyncDisposable {
  /** Why the watch ended by itself, where it did. */
  readonly failure: unknown;
}

const pauseMs = 200;

/** Follows one connection until it closes; resolves with the version to go on from, '' for none. */
function follow<T extends Watched>(
  client: KubeClient,
  path: string,
  from: string,
  tell: (type: Change<T>['type'], object: T) => void,
  stop: AbortSignal,
): Promise<string> {
  let version = from;
  let expired = false;
  return new Promise((resolve, reject) => {
    const query = { resourceVersion: from, allowWatchBookmarks: true, timeoutSeconds: 25 };
    const onEvent = (type: string, object: T) => {
      if (type === 'ERROR') {
        expired = true;
        return;
      }
      version = object.metadata.resourceVersion;
      if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') tell(type, object);
    };
    new Watch(client.config)
      .watch(path, query, onEvent, (error: unknown) => {
        resolve(expired || (error !== null && error !== undefined) ? '' : version);
      })
      .then((connection) => {
        if (stop.aborted) connection.abort();
        stop.addEventListener('abort', () => {
          connection.abort();
        });
      }, reject);
  });
}

/**
 * Records every change of the objects of a kind in a namespace, from now on.
 *
 * The connection is renewed from the last resource version; where that has expired, a new listing
 * stands in for what was missed. The objects that are there at the start are told as ADDED.
 *
 * @param onChange is called in the order in which the API server made the changes
 */
export async function recordChanges<T extends Watched>(
  client: KubeClient,
  resource: Resource<T>,
  namespace: string,
  onChange: (change: Change<T>) => void,
): Promise<Recording> {
  const ended = new AbortController();
  const stop = AbortSignal.any([client.signal, ended.signal]);
  const known = new Map<string, T>();
  const tell = (type: Change<T>['type'], object: T) => {
    if (type === 'DELETED') known.delete(object.metadata.uid);
    else known.set(object.metadata.uid, object);
    onChange({ type, object, atMs: performance.now() });
  };
  const relist = async () => {
    const listing = await client.list(resource, namespace);
    for (const change of changesSince(known, listing.items)) tell(change.type, change.object);
    return listing.resourceVersion;
  };
  const path = collectionPath(resource, namespace);
  let failure: unknown;
  const loop = async (from: string) => {
    let version = from;
    while (!stop.aborted) {
      const begun = performance.now();
      try {
        if (version === '') version = await relist();
        version = await follow(client, path, version, tell, stop);
        failure = undefined;
      } catch (error) {
        failure = error;
        version = '';
      }
      // A connection that lived is renewed at once: a pause would show up in the timeline.
      if (performance.now() - begun < pauseMs) {
        await delay(pauseMs, undefined, { signal: stop }).catch(() => {});
      }
    }
  };
  const running = loop(await relist());
  return {
    get failure() {
      return failure;
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      await running;
    },
  };
}
