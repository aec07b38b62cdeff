import { badInput, elseEnvironment, poll } from '@holdfast/core';
import type { KubeClient } from './client.ts';
import { ApiFailure } from './failure.ts';
import type { Resource } from './resource.ts';

interface Named {
  metadata: { name: string; uid: string; annotations?: Record<string, string> };
}

const namespaces: Resource<Named> = { base: '/api/v1', plural: 'namespaces', namespaced: false };
const accounts: Resource<Named> = { base: '/api/v1', plural: 'serviceaccounts', namespaced: true };

const restricted = Object.fromEntries(
  ['enforce', 'warn', 'audit'].flatMap((mode) => [
    [`pod-security.kubernetes.io/${mode}`, 'restricted'],
    [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
  ]),
);

const managedBy = 'app.kubernetes.io/managed-by';
const ownerKey = 'holdfast.dev/proof';

/**
 * Makes a namespace that enforces Pod Security "restricted".
 *
 * @param owner tells this proof from all others, for {@link isOwnNamespace}
 * @throws HoldfastError (badInput) when the namespace exists: a proof deletes what it made, and
 *   must not delete what it found
 */
export async function createNamespace(
  client: KubeClient,
  name: string,
  owner: string,
): Promise<void> {
  const labels = { ...restricted, [managedBy]: 'holdfast' };
  const object = { metadata: { name, labels, annotations: { [ownerKey]: owner } } };
  try {
    await client.create(namespaces, object);
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.reason !== 'AlreadyExists') throw error;
    throw badInput('the namespace exists already', {
      object: name,
      hint:
        'name another one with --namespace: the proof makes its own and deletes it at the end; where ' +
        `kubectl get namespaces -l ${managedBy}=holdfast shows it, it belongs to a proof that still runs ` +
        `or was killed: kubectl delete namespace ${name} removes it, as it does others of that proof`,
    });
  }
}

/**
 * Whether a namespace is there and was made by this proof: an attempt to make it that was
 * interrupted may have found another's.
 */
export async function isOwnNamespace(
  client: KubeClient,
  name: string,
  owner: string,
): Promise<boolean> {
  const found = await client.get(namespaces, name);
  return found?.metadata.annotations?.[ownerKey] === owner;
}

/**
 * Waits for a namespace's default service account, without which no pod is admitted.
 *
 * @throws HoldfastError (environment) when it is not there within the limit
 */
export async function awaitServiceAccount(
  client: KubeClient,
  name: string,
  limitMs = 30_000,
): Promise<void> {
  const wait = poll(
    async () => {
      const account = await client.get(accounts, 'default', name);
      return account ? { done: true, value: undefined } : { done: false, saw: 'none' };
    },
    {
      what: `service account default in ${name}`,
      limitMs,
      everyMs: 100,
      signal: client.signal,
    },
  );
  await elseEnvironment(wait, 'no pod is admitted to the namespace', {
    object: name,
    hint:
      'the controller manager of the cluster makes its service account: see that it runs, and that the ' +
      'machine has memory and processors left, and try again',
  });
}

/**
 * Deletes a namespace with all that is in it.
 *
 * @param limitMs how long to wait for its end; 0 asks for it and does not wait
 */
export async function deleteNamespace(
  client: KubeClient,
  name: string,
  limitMs: number,
): Promise<void> {
  await client.remove(namespaces, name);
  if (limitMs === 0) return;
  await poll(
    async () => {
      const left = await client.get(namespaces, name);
      return left ? { done: false, saw: 'still there' } : { done: true, value: undefined };
    },
    { what: `namespace ${name} to be gone`, limitMs, everyMs: 500, signal: client.signal },
  );
}
