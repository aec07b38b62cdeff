import type { Evidence } from '@holdfast/core';
import type { IdentityReading } from '../observe/identities.ts';
import type { ProofRecord } from '../observe/record.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

/** How one reading differs from another of the same ordinal; what it could not tell is a difference. */
export function compareIdentity(
  before: IdentityReading | undefined,
  after: IdentityReading,
  disruption: number,
): Evidence[] {
  const { pod, error } = after;
  if (error !== undefined) return [{ object: pod, disruption, ok: false, after: error }];
  if (before === undefined || before.error !== undefined) return [];
  const keys = [...new Set([...Object.keys(before.values), ...Object.keys(after.values)])];
  return keys.map((key): Evidence => {
    const was = before.values[key] ?? 'absent';
    const is = after.values[key] ?? 'absent';
    return { object: `${pod} ${key}`, disruption, ok: was === is, before: was, after: is };
  });
}

function applicationIdentity({ observations }: ProofRecord): Conclusion {
  const [baseline] = observations;
  const readings = observations.flatMap(({ identities }) => identities);
  if (readings.length === 0) return skipped('the driver has no identity program');
  const evidence = observations.flatMap(({ disruption, pods, identities }) =>
    // Pods that there should not be are another check's.
    pods.flatMap(({ name }): Evidence[] => {
      if (!baseline?.pods.some((pod) => pod.name === name)) return [];
      const now = identities.find(({ pod }) => pod === name);
      const object = name;
      // One that was never asked is of a set that the driver is not for.
      const asked = readings.some(({ pod }) => pod === name);
      if (now === undefined && !asked) return [];
      if (now === undefined) return [{ object, disruption, ok: false, after: 'was not asked' }];
      const before = baseline.identities.find(({ pod }) => pod === name);
      return compareIdentity(before, now, disruption);
    }),
  );
  const [first] = baseline?.identities ?? [];
  const keys = Object.keys(first?.values ?? {});
  const members = new Set(readings.map(({ pod }) => pod));
  return concludeFrom(evidence, `${keys.join(', ')} of ${count(members.size, 'pod')}`);
}

/** Who an application says that it is. */
export const applicationChecks: readonly Check[] = [
  {
    id: 'I7',
    title: 'the application knows itself by the same identity',
    needs: 'recovery',
    conclude: applicationIdentity,
  },
];
