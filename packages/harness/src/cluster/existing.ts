import { access } from 'node:fs/promises';
import { badInput } from '@holdfast/core';
import type { Cluster } from './cluster.ts';

/**
 * A cluster that somebody else runs. Its nodes pull images themselves; disposing of it does nothing.
 *
 * @throws HoldfastError (badInput) when the kubeconfig file can't be read
 */
export async function existingCluster(kubeconfigPath: string, context?: string): Promise<Cluster> {
  await access(kubeconfigPath).catch((cause: unknown) => {
    throw badInput('the kubeconfig file can not be read', {
      object: `--kubeconfig ${kubeconfigPath}`,
      hint: 'give the path of a kubeconfig file',
      cause,
    });
  });
  return {
    facts: { kind: 'existing cluster', nodes: [] },
    kubeconfigPath,
    ...(context === undefined ? {} : { context }),
    provideImages: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
