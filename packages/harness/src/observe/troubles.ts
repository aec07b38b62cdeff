import type { Claim, ContainerStatus, KubeEvent, Pod } from './objects.ts';

/** Something that keeps a pod from becoming Ready and does not mend itself. */
export interface Trouble {
  kind: 'image' | 'crash' | 'config' | 'unschedulable' | 'refused' | 'claim';
  /** The pod, claim or controller. */
  object: string;
  /** The container, where it is one's. */
  container?: string;
  /** The image, where it is about one. */
  image?: string;
  message: string;
  /** How long it must last, in milliseconds, before it counts: some of these pass. */
  graceMs: number;
}

const imageReasons = new Map([
  ['ErrImageNeverPull', 0],
  ['InvalidImageName', 0],
  ['ErrImagePull', 20_000],
  ['ImagePullBackOff', 20_000],
]);
const configReasons = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/** How often a container may crash before it is taken for one that never starts. */
const crashesAllowed = 3;

function ofContainer(pod: string, status: ContainerStatus): Trouble[] {
  const waiting = status.state?.waiting;
  const reason = waiting?.reason ?? '';
  const message = `${reason}: ${waiting?.message ?? 'no message'}`;
  const where = { object: pod, container: status.name };
  const graceMs = imageReasons.get(reason);
  if (graceMs !== undefined)
    return [{ ...where, kind: 'image', image: status.image, message, graceMs }];
  // A Secret that a Job of the same chart makes may come later: this passes more often than not.
  if (configReasons.has(reason)) return [{ ...where, kind: 'config', message, graceMs: 60_000 }];
  if (reason === 'CrashLoopBackOff' && status.restartCount >= crashesAllowed) {
    const last = status.lastState?.terminated;
    const exit = last ? `exit code ${last.exitCode}` : 'no exit code';
    const text = `crashed ${status.restartCount} times, ${exit}`;
    return [{ ...where, kind: 'crash', message: text, graceMs: 0 }];
  }
  return [];
}

function ofPod(pod: Pod): Trouble[] {
  const statuses = [
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.containerStatuses ?? []),
  ];
  const found = statuses.flatMap((status) => ofContainer(pod.metadata.name, status));
  const scheduling = pod.status.conditions?.find(
    (c) => c.type === 'PodScheduled' && c.status === 'False',
  );
  if (scheduling?.reason === 'Unschedulable') {
    const message = `no node takes it: ${scheduling.message ?? 'no message'}`;
    found.push({ object: pod.metadata.name, kind: 'unschedulable', message, graceMs: 45_000 });
  }
  return found;
}

/** The troubles that the objects of a namespace show at one moment. */
export function troublesOf(
  pods: readonly Pod[],
  claims: readonly Claim[],
  events: readonly KubeEvent[],
): Trouble[] {
  const waiting = new Set(
    pods
      .filter((pod) => pod.status.phase === 'Pending')
      .flatMap((pod) => pod.spec.volumes ?? [])
      .map((volume) => volume.persistentVolumeClaim?.claimName),
  );
  const unbound = claims
    .filter((claim) => claim.status.phase === 'Pending' && waiting.has(claim.metadata.name))
    .map((claim): Trouble => {
      const said = events.findLast((event) => event.involvedObject.uid === claim.metadata.uid);
      const message = `the claim is not bound: ${said?.message ?? 'no event says why'}`;
      return { object: claim.metadata.name, kind: 'claim', message, graceMs: 90_000 };
    });
  const refused = events
    .filter(
      (event) => event.reason === 'FailedCreate' && /forbidden|invalid/i.test(event.message ?? ''),
    )
    .map((event): Trouble => {
      const object = `${event.involvedObject.kind ?? ''}/${event.involvedObject.name ?? ''}`;
      return { object, kind: 'refused', message: event.message ?? '', graceMs: 15_000 };
    });
  return [...pods.flatMap(ofPod), ...unbound, ...refused];
}

/** Tells which troubles have lasted for their time of grace; asked again and again. */
export function troubleWatch(): (
  troubles: readonly Trouble[],
  nowMs: number,
) => Trouble | undefined {
  let since = new Map<string, number>();
  return (troubles, nowMs) => {
    const key = (t: Trouble) => `${t.kind} ${t.object} ${t.container ?? ''}`;
    since = new Map(troubles.map((trouble) => [key(trouble), since.get(key(trouble)) ?? nowMs]));
    return troubles.find((t) => nowMs - (since.get(key(t)) ?? nowMs) >= t.graceMs);
  };
}
