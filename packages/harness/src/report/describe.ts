import type {
  Claim,
  ContainerState,
  ContainerStatus,
  KubeEvent,
  Metadata,
  Pod,
  StatefulSet,
} from '../observe/objects.ts';
import { podState } from '../observe/rollout.ts';

/** What is described: the objects of a namespace, as they are at one moment. */
export interface Described {
  sets: readonly StatefulSet[];
  pods: readonly Pod[];
  claims: readonly Claim[];
  events: readonly KubeEvent[];
}

const told = (...parts: (string | undefined)[]) =>
  parts.filter((part) => part !== undefined && part !== '').join(', ');

function stateOf({ running, waiting, terminated }: ContainerState): string {
  if (running) return told('running', running.startedAt && `since ${running.startedAt}`);
  if (waiting) return told('waiting', waiting.reason, waiting.message);
  if (!terminated) return 'in no state';
  return told(`ended with ${terminated.exitCode}`, terminated.reason, terminated.message);
}

function containerLine(kind: string, status: ContainerStatus): string {
  const { name, restartCount, ready, state = {}, lastState = {} } = status;
  const before = Object.keys(lastState).length === 0 ? '' : `; before: ${stateOf(lastState)}`;
  const restarts = restartCount === 1 ? '1 restart' : `${restartCount} restarts`;
  const readiness = ready ? 'ready' : 'not ready';
  return `  ${kind} ${name}: ${stateOf(state)}, ${readiness}, ${restarts}${before}`;
}

const timeOf = ({ lastTimestamp, eventTime, firstTimestamp }: KubeEvent) =>
  lastTimestamp ?? eventTime ?? firstTimestamp ?? '';

/** The events of an object, the oldest first. */
function eventLines({ uid }: Metadata, events: readonly KubeEvent[]): string[] {
  return events
    .filter(({ involvedObject }) => involvedObject.uid === uid)
    .sort((a, b) => timeOf(a).localeCompare(timeOf(b)))
    .map((event) => {
      const { type = '', reason = '', message = '', count = 1 } = event;
      const often = count > 1 ? ` (${count} times)` : '';
      return `  ${timeOf(event)} ${type} ${reason}${often}: ${message.trim()}`;
    });
}

function podLines(pod: Pod, events: readonly KubeEvent[]): string[] {
  const { metadata, spec, status } = pod;
  const { name, uid, creationTimestamp, deletionTimestamp } = metadata;
  return [
    `Pod ${name}: ${podState(pod)}`,
    `  UID ${uid}, on ${spec.nodeName ?? 'no node'}, address ${status.podIP ?? 'none'}`,
    `  created ${creationTimestamp ?? 'at no time'}${deletionTimestamp === undefined ? '' : `, to be gone by ${deletionTimestamp}`}`,
    ...(status.conditions ?? []).map(
      (condition) =>
        `  ${told(`${condition.type} ${condition.status}`, condition.reason, condition.message)}`,
    ),
    ...(status.initContainerStatuses ?? []).map((entry) => containerLine('init container', entry)),
    ...(status.containerStatuses ?? []).map((entry) => containerLine('container', entry)),
    ...eventLines(metadata, events),
  ];
}

function setLines({ metadata, spec, status }: StatefulSet, events: readonly KubeEvent[]): string[] {
  const { readyReplicas = 0, currentRevision = 'none', updateRevision = 'none' } = status;
  return [
    `StatefulSet ${metadata.name}: ${readyReplicas} of ${spec.replicas ?? 1} Ready`,
    `  revision ${currentRevision}, wanted ${updateRevision}`,
    ...eventLines(metadata, events),
  ];
}

function claimLines({ metadata, spec, status }: Claim, events: readonly KubeEvent[]): string[] {
  return [
    `PersistentVolumeClaim ${metadata.name}: ${status.phase ?? 'in no phase'}`,
    `  UID ${metadata.uid}, volume ${spec.volumeName ?? 'none'}`,
    ...eventLines(metadata, events),
  ];
}

/** StatefulSets, pods and claims in words, each with its events, as `kubectl describe` shows them. */
export function describeObjects({ sets, pods, claims, events }: Described): string {
  const blocks = [
    ...sets.map((set) => setLines(set, events)),
    ...pods.map((pod) => podLines(pod, events)),
    ...claims.map((claim) => claimLines(claim, events)),
  ];
  return blocks.map((lines) => `${lines.join('\n')}\n`).join('\n');
}
