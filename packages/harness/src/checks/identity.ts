import { seconds, type Evidence } from '@holdfast/core';
import {
  expectedPods,
  podIndexLabel,
  podNameLabel,
  type PodRecord,
  type SetRecord,
} from '../observe/identity.ts';
import type { Observation, ProofRecord } from '../observe/record.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

type Finding = Omit<Evidence, 'disruption'>;

function overPods(
  record: ProofRecord,
  look: (pod: PodRecord, set: SetRecord) => Finding[],
): Evidence[] {
  return record.observations.flatMap((observation) =>
    observation.sets.flatMap((set) =>
      observation.pods
        .filter((pod) => pod.set === set.name)
        .flatMap((pod) => look(pod, set))
        .map((finding) => ({ ...finding, disruption: observation.disruption })),
    ),
  );
}

/** "3 pods, before and after 4 disruptions". */
function seen(record: ProofRecord): string {
  const pods = record.observations[0]?.pods.length ?? 0;
  const after = record.observations.length - 1;
  const when =
    after > 0 ? `before and after ${count(after, 'disruption')}` : 'before any disruption';
  return `${count(pods, 'pod')}, ${when}`;
}

function equal(object: string, expected: string, seenValue: string | undefined): Finding {
  return { object, ok: seenValue === expected, before: expected, after: seenValue ?? 'none' };
}

function namesOf({ disruption, sets, pods }: Observation): Evidence[] {
  return sets.map((set) => {
    const expected = expectedPods(set).map((pod) => pod.name);
    const found = pods.filter((pod) => pod.set === set.name).map((pod) => pod.name);
    const ok = expected.length === found.length && expected.every((name) => found.includes(name));
    return { object: set.name, disruption, ok, before: expected.join(' '), after: found.join(' ') };
  });
}

function hostnames(record: ProofRecord): Conclusion {
  const answered = new Set<string>();
  const evidence = overPods(record, (pod) => {
    const { name, hostname, hostnameError } = pod;
    if (hostname !== undefined) {
      answered.add(name);
      return [equal(name, name, hostname)];
    }
    // It did answer: to be silent now is a change.
    const after = `no answer any more: ${hostnameError ?? 'no program tells it'}`;
    return answered.has(name) ? [{ object: name, ok: false, before: name, after }] : [];
  });
  const pods = record.observations.flatMap((observation) => observation.pods);
  if (answered.size === 0 && pods.length > 0) {
    const failed = pods.find((pod) => pod.hostnameError !== undefined);
    const reason = 'no pod has a program that tells its host name';
    return skipped(
      failed ? `no pod could be asked: ${failed.name}: ${failed.hostnameError ?? ''}` : reason,
    );
  }
  const silent = [...new Set(pods.map((pod) => pod.name))].filter((name) => !answered.has(name));
  const but = silent.length === 0 ? '' : `; not answered by ${silent.join(', ')}`;
  return concludeFrom(evidence, `${seen(record)}${but}`);
}

function labels(pod: PodRecord): Finding[] {
  return [
    equal(`${pod.name} ${podNameLabel}`, pod.name, pod.labels[podNameLabel]),
    equal(`${pod.name} ${podIndexLabel}`, String(pod.ordinal), pod.labels[podIndexLabel]),
  ];
}

function controller(pod: PodRecord, set: SetRecord): Finding[] {
  const owner = pod.controller;
  const text = owner && `${owner.kind}/${owner.name} ${owner.uid}`;
  return [equal(pod.name, `StatefulSet/${set.name} ${set.uid}`, text)];
}

function names(record: ProofRecord): Conclusion {
  const evidence = record.observations.flatMap(({ disruption, dns }) =>
    dns.map((answer): Evidence => {
      const limitMs = record.limits.dnsMs;
      const ok = answer.settledMs !== null && answer.settledMs <= limitMs;
      const got = answer.addresses.join(' ') || 'no answer';
      const when = answer.settledMs === null ? 'not right' : `right after ${answer.settledMs} ms`;
      const late = `${got} for ${answer.fqdn}, ${when}; the limit is ${limitMs / 1000} s`;
      const text = ok ? `${got} after ${answer.settledMs ?? 0} ms` : late;
      const after = answer.fqdn === '' ? 'its StatefulSet names no Service' : text;
      return { object: answer.pod, disruption, ok, before: answer.ips.join(' '), after };
    }),
  );
  const times = record.observations.flatMap(({ dns }) =>
    dns.map((answer) => answer.settledMs ?? 0),
  );
  const slowest = seconds(Math.max(0, ...times));
  return concludeFrom(evidence, `asked from another pod, right within ${slowest} of being asked`);
}

/** Who a pod is, apart from its claims. */
export const identityChecks: readonly Check[] = [
  {
    id: 'I1',
    title: 'exactly the pods of the ordinals',
    needs: 'pods',
    conclude: (record) => concludeFrom(record.observations.flatMap(namesOf), seen(record)),
  },
  { id: 'I2', title: 'the host name is the pod’s name', needs: 'pods', conclude: hostnames },
  {
    id: 'I3',
    title: 'labels tell the pod’s name and index',
    needs: 'pods',
    conclude: (record) => concludeFrom(overPods(record, labels), seen(record)),
  },
  {
    id: 'I4',
    title: 'controlled by its StatefulSet',
    needs: 'pods',
    conclude: (record) => concludeFrom(overPods(record, controller), seen(record)),
  },
  { id: 'I5', title: 'DNS answers the current address', needs: 'pods', conclude: names },
];
