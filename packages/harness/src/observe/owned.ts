import type { OwnedPod } from './acts.ts';
import { restartsOf } from './identity.ts';
import { controllerOf, type Claim, type Pod } from './objects.ts';

/** A pod as far as adoption changes it. */
export function ownedPod(pod: Pod, claims: readonly Claim[]): OwnedPod {
  const names = (pod.spec.volumes ?? []).flatMap((v) => v.persistentVolumeClaim?.claimName ?? []);
  return {
    name: pod.metadata.name,
    uid: pod.metadata.uid,
    restarts: restartsOf(pod),
    containers: (pod.status.containerStatuses ?? []).flatMap((s) => s.containerID ?? []).sort(),
    controller: controllerOf(pod.metadata)?.uid,
    claims: claims
      .filter(({ metadata }) => names.includes(metadata.name))
      .map(({ metadata }) => metadata.uid)
      .sort(),
  };
}

/** An object as it may be created anew: without what only the API server says of it. */
export function fresh(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { metadata, ...rest } = object as { metadata: Record<string, unknown> };
  const { name, namespace, labels, annotations, finalizers, ownerReferences } = metadata;
  const kept = { name, namespace, labels, annotations, finalizers, ownerReferences };
  const given = Object.entries(kept).filter(([, value]) => value !== undefined);
  const body = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'status'));
  return { ...body, metadata: Object.fromEntries(given) };
}

/**
 * The label by which a pod is let go: the first of the selector's that is not the pod's own name, with
 * another value.
 */
export function releasingLabel(
  matchLabels: Readonly<Record<string, string>>,
): [key: string, value: string] | undefined {
  const keys = Object.keys(matchLabels).filter(
    (key) => !key.startsWith('statefulset.kubernetes.io/'),
  );
  const key = keys.find((name) => /component|name$/.test(name)) ?? keys[0];
  return key === undefined ? undefined : [key, 'holdfast-released'];
}
