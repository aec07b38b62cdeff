import { HttpMethod } from '@kubernetes/client-node';
import type { KubeClient } from './client.ts';
import type { Target } from './exec.ts';
import { ApiFailure } from './failure.ts';

/**
 * The end of a container's log.
 *
 * @param lines how many lines at most
 * @param previous whether to read the log of the container's former run
 * @returns undefined where the container has no such log
 */
export async function logTail(
  client: KubeClient,
  target: Target,
  lines: number,
  previous = false,
): Promise<string | undefined> {
  const path = `/api/v1/namespaces/${target.namespace}/pods/${target.pod}/log`;
  const query = {
    container: target.container,
    tailLines: String(lines),
    previous: String(previous),
  };
  try {
    return (await client.request(HttpMethod.GET, path, { query })).text;
  } catch (error) {
    if (error instanceof ApiFailure) return undefined;
    throw error;
  }
}
