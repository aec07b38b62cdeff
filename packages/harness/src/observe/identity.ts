import { controllerOf, type Claim, type Pod, type StatefulSet, type Volume } from './objects.ts';

/** A StatefulSet as far as its pods' identity follows from it. */
export interface SetRecord {
  name: string;
  uid: string;
  replicas: number;
  /** The first ordinal. */
  start: number;
  serviceName: string;
  /** The names of its claim templates. */
  claimTemplates: string[];
}

/** What one volume of a pod is bound to. */
export interface ClaimRecord {
  /** The name of the claim template. */
  template: string;
  claim: string;
  claimUid: string;
  volume: string;
  volumeUid: string;
}

/** What a container answers when asked for its host name. */
export interface HostnameAnswer {
  /** Undefined where it gave none. */
  hostname: string | undefined;
  /** Why it gave none, where that was not for want of a program to ask. */
  hostnameError?: string;
}

/** Who a pod is: everything that must, or must not, change when it is replaced. */
export interface PodRecord extends HostnameAnswer {
  name: string;
  set: string;
  ordinal: number;
  uid: string;
  labels: Record<string, string>;
  controller: { kind: string; name: string; uid: string } | undefined;
  claims: ClaimRecord[];
  restarts: number;
  images: { reference: string; imageId: string }[];
}

export const podNameLabel = 'statefulset.kubernetes.io/pod-name';
export const podIndexLabel = 'apps.kubernetes.io/pod-index';

/** What there is to say about a set before its pods are looked at. */
export function setRecord(set: StatefulSet): SetRecord {
  return {
    name: set.metadata.name,
    uid: set.metadata.uid,
    replicas: set.spec.replicas ?? 1,
    start: set.spec.ordinals?.start ?? 0,
    serviceName: set.spec.serviceName ?? '',
    claimTemplates: (set.spec.volumeClaimTemplates ?? []).map((template) => template.metadata.name),
  };
}

/** The names that the pods of a set must have, in the order of their ordinals. */
export function expectedPods(set: SetRecord): { name: string; ordinal: number }[] {
  return Array.from({ length: set.replicas }, (_, index) => {
    const ordinal = set.start + index;
    return { name: `${set.name}-${ordinal}`, ordinal };
  });
}

/** The ordinal in a pod's name; NaN where there is none. */
export function ordinalOf(pod: string): number {
  return Number(/-(\d+)$/.exec(pod)?.[1] ?? Number.NaN);
}

/** Whether a pod is one of a set's, by its controller. */
export function belongsTo(pod: Pod, set: SetRecord): boolean {
  return controllerOf(pod.metadata)?.uid === set.uid;
}

/** The claims that stand for the set's templates in one pod, as `<template>-<pod>`. */
function claimRecords(
  pod: Pod,
  set: SetRecord,
  claims: readonly Claim[],
  volumes: readonly Volume[],
): ClaimRecord[] {
  return set.claimTemplates.flatMap((template) => {
    const wanted = `${template}-${pod.metadata.name}`;
    const mounted = pod.spec.volumes?.find((v) => v.persistentVolumeClaim?.claimName === wanted);
    const claim = mounted && claims.find((entry) => entry.metadata.name === wanted);
    if (!claim) return [];
    const volume = volumes.find((entry) => entry.metadata.name === claim.spec.volumeName);
    return {
      template,
      claim: wanted,
      claimUid: claim.metadata.uid,
      volume: claim.spec.volumeName ?? '',
      volumeUid: volume?.metadata.uid ?? '',
    };
  });
}

/** The restarts of a pod's containers together. */
export function restartsOf(pod: Pod): number {
  const statuses = [
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.containerStatuses ?? []),
  ];
  return statuses.reduce((sum, status) => sum + status.restartCount, 0);
}

/** Puts together who a pod is, from what the API server and its own container say. */
export function podRecord(
  pod: Pod,
  set: SetRecord,
  claims: readonly Claim[],
  volumes: readonly Volume[],
  hostname: HostnameAnswer,
): PodRecord {
  const owner = controllerOf(pod.metadata);
  return {
    name: pod.metadata.name,
    set: set.name,
    ordinal: ordinalOf(pod.metadata.name),
    uid: pod.metadata.uid,
    ...hostname,
    labels: pod.metadata.labels ?? {},
    controller: owner && { kind: owner.kind, name: owner.name, uid: owner.uid },
    claims: claimRecords(pod, set, claims, volumes),
    restarts: restartsOf(pod),
    images: (pod.status.containerStatuses ?? []).map((status) => ({
      reference: status.image,
      imageId: status.imageID,
    })),
  };
}
