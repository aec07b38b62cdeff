import { messageOf, type Helm } from '@holdfast/core';
import type { KubeClient } from './client.ts';
import { deleteNamespace, isOwnNamespace } from './namespace.ts';
import { uninstallRelease, type ReleaseSpec } from './release.ts';

const limitMs = 120_000;

/**
 * Uninstalls a release and deletes its namespace, each whatever becomes of the other; goes on after
 * an abort, but then does not wait for the namespace's end. A namespace that this proof did not make
 * is left alone, with all that is in it.
 *
 * @param owner what the namespace was made with
 * @returns what could not be removed, a sentence each
 */
export async function removeRelease(
  client: KubeClient,
  helm: Helm,
  spec: ReleaseSpec,
  owner: string,
): Promise<string[]> {
  const after = client.withSignal(AbortSignal.timeout(limitMs + 70_000));
  const { release, namespace } = spec;
  const left: string[] = [];
  try {
    if (!(await isOwnNamespace(after, namespace, owner))) return [];
    await uninstallRelease(helm, spec).catch((error: unknown) => {
      const what = 'what it made outside its namespace may be left behind';
      left.push(`release ${release} could not be uninstalled, ${what}: ${messageOf(error)}`);
    });
    await deleteNamespace(after, namespace, client.signal.aborted ? 0 : limitMs);
  } catch (error) {
    left.push(`namespace ${namespace} is left behind: ${messageOf(error)}`);
  }
  return left;
}
