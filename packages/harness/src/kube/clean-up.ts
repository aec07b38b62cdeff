import type { Helm } from '@holdfast/core';
import type { KubeClient } from './client.ts';
import { deleteNamespace } from './namespace.ts';
import { uninstallRelease, type ReleaseSpec } from './release.ts';

const limitMs = 120_000;

/**
 * Uninstalls a release and deletes its namespace; goes on after an abort, but then does not wait for
 * the namespace's end.
 *
 * @throws PollTimeout when the namespace is not gone within two minutes
 */
export async function removeRelease(
  client: KubeClient,
  helm: Helm,
  spec: ReleaseSpec,
): Promise<void> {
  const after = client.withSignal(AbortSignal.timeout(limitMs + 10_000));
  await uninstallRelease(helm, spec);
  await deleteNamespace(after, spec.namespace, client.signal.aborted ? 0 : limitMs);
}
