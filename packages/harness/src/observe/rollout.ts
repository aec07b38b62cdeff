import { belongsTo, expectedPods, setRecord } from './identity.ts';
import { isReady, type Pod, type StatefulSet } from './objects.ts';

const revisionLabel = 'controller-revision-hash';

/** What one StatefulSet still lacks; an empty list when it is all there. */
function lacks(set: StatefulSet, pods: readonly Pod[]): string[] {
  const record = setRecord(set);
  const { status } = set;
  const missing: string[] = [];
  if ((status.observedGeneration ?? 0) < (set.metadata.generation ?? 0)) {
    missing.push('its controller has not seen it yet');
  }
  if (status.currentRevision !== status.updateRevision) {
    missing.push(
      `revision ${status.currentRevision ?? 'none'} of ${status.updateRevision ?? 'none'}`,
    );
  }
  if ((status.readyReplicas ?? 0) !== record.replicas) {
    missing.push(`${status.readyReplicas ?? 0} of ${record.replicas} replicas Ready`);
  }
  for (const { name } of expectedPods(record)) {
    const pod = pods.find((entry) => entry.metadata.name === name && belongsTo(entry, record));
    if (!pod) missing.push(`${name} does not exist`);
    else if (!isReady(pod)) missing.push(`${name} is ${podState(pod)}`);
    else if (pod.metadata.labels?.[revisionLabel] !== status.updateRevision) {
      missing.push(`${name} is of another revision`);
    }
  }
  return missing;
}

/** A pod's state in a few words: what kubectl shows in its STATUS column. */
export function podState(pod: Pod): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const statuses = [
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.containerStatuses ?? []),
  ];
  const waiting = statuses.find((s) => s.state?.waiting?.reason !== undefined);
  const reason = waiting?.state?.waiting?.reason ?? pod.status.phase ?? 'Unknown';
  return isReady(pod) ? 'Ready' : `${reason}, not Ready`;
}

/**
 * Whether all StatefulSets are as they should be: seen by their controller, one revision, and every
 * pod there, Ready and of that revision.
 *
 * @returns undefined when they are; else what is lacking, in one line
 */
export function rolloutLacks(
  sets: readonly StatefulSet[],
  pods: readonly Pod[],
): string | undefined {
  const lines = sets.flatMap((set) => {
    const missing = lacks(set, pods);
    return missing.length === 0 ? [] : [`${set.metadata.name}: ${missing.join(', ')}`];
  });
  return lines.length === 0 ? undefined : lines.join('; ');
}
