import type { Evidence } from '@holdfast/core';
import type { PodRecord, SetRecord } from '../observe/identity.ts';
import { claimDifferences, describeClaim } from '../observe/identity-diff.ts';
import type { Observation, ProofRecord } from '../observe/record.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

/** Why a set without claims fails, in the same words wherever it does. */
const noClaim = 'no claim: whatever the pods write is lost with them';

/** The reason why checks of claims don't apply; undefined where they do. */
export function claimsDontApply(record: ProofRecord): string | undefined {
  const sets = record.observations[0]?.sets ?? [];
  const none = sets.length > 0 && sets.every((set) => set.claimTemplates.length === 0);
  return none && record.claims === 'none'
    ? 'the driver says that these pods keep nothing'
    : undefined;
}

/** Sets that should have claims and have none, as evidence. */
export function setsWithoutClaims(record: ProofRecord): Evidence[] {
  if (record.claims === 'none') return [];
  return (record.observations[0]?.sets ?? [])
    .filter((set) => set.claimTemplates.length === 0)
    .map((set) => ({ object: set.name, disruption: 0, ok: false, after: noClaim }));
}

/** Each template must be bound for the pod, before anything is compared. */
function unbound(pod: PodRecord, set: SetRecord): Omit<Evidence, 'disruption'>[] {
  return set.claimTemplates
    .filter((template) => {
      const claim = pod.claims.find((entry) => entry.template === template);
      return claim?.claimUid === undefined || claim.volume === '' || claim.volumeUid === '';
    })
    .map((template) => ({
      object: pod.name,
      ok: false,
      before: `${template}-${pod.name}`,
      after: 'not a bound claim of this pod',
    }));
}

/** Two pods that share a claim or a volume. */
function shared({ disruption, pods }: Observation): Evidence[] {
  const owners = new Map<string, string>();
  return pods.flatMap((pod) =>
    pod.claims.flatMap((claim) => {
      const owner = owners.get(claim.volumeUid);
      owners.set(claim.volumeUid, pod.name);
      if (owner === undefined || claim.volumeUid === '') return [];
      const after = `shares volume ${claim.volume} with ${owner}`;
      return { object: pod.name, disruption, ok: false, after };
    }),
  );
}

function compared(pod: PodRecord, before: PodRecord, disruption: number): Evidence[] {
  const differences = claimDifferences(before.claims, pod.claims);
  if (differences.length > 0) {
    return differences.map(({ what, before: was, after }) => ({
      object: `${pod.name} ${what}`,
      disruption,
      ok: false,
      before: was,
      after,
    }));
  }
  return pod.claims.map((claim) => ({
    object: pod.name,
    disruption,
    ok: true,
    after: describeClaim(claim),
  }));
}

function claimIdentity(record: ProofRecord): Conclusion {
  const reason = claimsDontApply(record);
  if (reason !== undefined) return skipped(reason);
  const [baseline] = record.observations;
  const evidence = record.observations.flatMap((observation) =>
    observation.pods.flatMap((pod) => {
      const { disruption } = observation;
      const before = baseline?.pods.find((entry) => entry.name === pod.name);
      const set = observation.sets.find((entry) => entry.name === pod.set);
      const open = (set ? unbound(pod, set) : []).map((entry) => ({ ...entry, disruption }));
      return before ? [...open, ...compared(pod, before, disruption)] : open;
    }),
  );
  const [pod] = baseline?.pods ?? [];
  const [claim] = pod?.claims ?? [];
  const pairs = baseline?.pods.reduce((sum, entry) => sum + entry.claims.length, 0) ?? 0;
  const example = `${pod?.name ?? ''} ↔ ${claim?.claim ?? ''} ↔ ${claim?.volume ?? ''}`;
  return concludeFrom(
    [...setsWithoutClaims(record), ...record.observations.flatMap(shared), ...evidence],
    `${example} (${count(pairs, 'claim')})`,
  );
}

/** Which claim and volume belong to an ordinal. */
export const claimChecks: readonly Check[] = [
  {
    id: 'I6',
    title: 'same claim and volume for the same ordinal',
    needs: 'recovery',
    conclude: claimIdentity,
  },
];
