import { hasCondition, isReady, type Pod } from './objects.ts';

/** What a disruption means for a pod that it is aimed at. */
export type Fate =
  /** Another pod of the same name takes its place. */
  | 'replaced'
  /** It stays the same pod, and containers of it are started anew. */
  | 'restarted'
  /** It stays the same pod; its containers may be started anew, and need not. */
  | 'kept';

/** A container of a pod at one moment. */
export interface ContainerNow {
  name: string;
  /** As the API has it, with the name of the runtime; '' before it is first started. */
  id: string;
  restarts: number;
  running: boolean;
  ready: boolean;
}

/** A pod that a disruption is aimed at, at one moment. */
export interface TargetState {
  uid: string;
  node: string;
  ready: boolean;
  containers: ContainerNow[];
}

/** A target with what is expected of it. */
export interface Aim {
  fate: Fate;
  before: TargetState;
  /** The only container that is ended; absent where all are, or the fate is another one. */
  hit?: string;
}

export function targetState(pod: Pod): TargetState {
  return {
    uid: pod.metadata.uid,
    node: pod.spec.nodeName ?? '',
    ready: isReady(pod),
    containers: (pod.status.containerStatuses ?? []).map((status) => ({
      name: status.name,
      id: status.containerID ?? '',
      restarts: status.restartCount,
      running: status.state?.running !== undefined,
      ready: status.ready,
    })),
  };
}

/** The container that a person would mean: the one that kubectl takes, or the first. */
export function mainContainer(pod: Pod): string {
  const named = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const names = pod.spec.containers.map(({ name }) => name);
  return named !== undefined && names.includes(named) ? named : (names[0] ?? '');
}

/** Which run of which pod this is: another one after each restart of a container. */
export function incarnation({ uid, containers }: TargetState): string {
  return [uid, ...containers.map(({ id }) => id).sort()].join(' ');
}

/** How often a container was started anew since; NaN where it is not there any more. */
export function restartsSince(before: ContainerNow, now: TargetState): number {
  const found = now.containers.find(({ name }) => name === before.name);
  return found ? found.restarts - before.restarts : Number.NaN;
}

function runsAnew(before: ContainerNow, now: TargetState): boolean {
  const found = now.containers.find(({ name }) => name === before.name);
  return found !== undefined && found.id !== before.id && found.restarts > before.restarts;
}

/**
 * Whether a target is back as it is expected to be. A status from before the disruption does not
 * pass for it, but for one that is kept: there somebody has to see that its node reports again.
 */
export function isBack({ fate, before, hit }: Aim, now: TargetState): boolean {
  const up = now.ready && now.containers.every(({ running, ready }) => running && ready);
  if (!up) return false;
  if (fate === 'replaced') return now.uid !== before.uid;
  if (now.uid !== before.uid) return false;
  if (fate === 'kept') return true;
  const ended = before.containers.filter(({ name }) => hit === undefined || name === hit);
  return ended.every((container) => runsAnew(container, now));
}

/** The moments between two states of a pod that stays the same: what ended, started, got Ready. */
export function momentsBetween(was: TargetState, now: TargetState): string[] {
  const several = now.containers.length > 1;
  const changes = now.containers.flatMap((container) => {
    const former = was.containers.find(({ name }) => name === container.name);
    const label = several ? `container ${container.name}` : 'container';
    const another = former?.id !== container.id;
    const ended = former?.running === true && (!container.running || another);
    const started = container.running && (former?.running !== true || another);
    return [...(ended ? [`${label} ended`] : []), ...(started ? [`${label} started`] : [])];
  });
  const lost = was.ready && !now.ready;
  const won = now.ready && (!was.ready || changes.length > 0);
  return [...changes, ...(lost ? ['not Ready'] : []), ...(won ? ['Ready'] : [])];
}

/** The steps that a replacement has passed on its way to be Ready, in their order. */
export function stepsOf(pod: Pod): string[] {
  const { containers } = targetState(pod);
  const started = containers.length > 0 && containers.every(({ running }) => running);
  return [
    'created with a new UID',
    ...(hasCondition(pod, 'PodScheduled') ? [`scheduled on ${pod.spec.nodeName ?? 'a node'}`] : []),
    ...(started ? ['containers started'] : []),
  ];
}
