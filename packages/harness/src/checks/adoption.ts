import type { Evidence } from '@holdfast/core';
import type { OrphanRecord, OwnedPod } from '../observe/acts.ts';
import { touched } from '../observe/bystanders.ts';
import { concludeFrom, count, type Check, type Conclusion } from './conclude.ts';
import { fromOutcome } from './ledger-evidence.ts';

type Finding = Omit<Evidence, 'disruption'>;

function controllerFinding(pod: OwnedPod, expected: string | undefined, when: string): Finding {
  const ok = pod.controller === expected;
  const text = (uid: string | undefined) => (uid === undefined ? 'none' : `UID ${uid}`);
  const after = text(pod.controller);
  return { object: `controller of ${pod.name}, ${when}`, ok, before: text(expected), after };
}

/** The pod itself goes on: the same UID, no restart, the same containers and claims. */
function goesOn(pod: OwnedPod, now: readonly OwnedPod[], when: string): Finding[] {
  const object = `${pod.name}, ${when}`;
  const difference = touched(pod, now);
  if (difference) {
    const { what, before, after } = difference;
    return [{ object, ok: false, before, after: `${what} ${after}` }];
  }
  return [{ object, ok: true, after: 'same UID, no restart' }, ...sameClaims(pod, now, object)];
}

function sameClaims(pod: OwnedPod, now: readonly OwnedPod[], object: string): Finding[] {
  const was = pod.claims.join(' ');
  const is = now.find(({ name }) => name === pod.name)?.claims.join(' ') ?? '';
  if (was === is) return [];
  return [{ object: `claims of ${object}`, ok: false, before: was || 'none', after: is || 'none' }];
}

function afterRelease(seen: OrphanRecord): Finding[] {
  const { adopted, released, replacement, label, uids } = seen;
  const when = `with the label ${label}`;
  const pod = adopted.at(-1);
  if (pod === undefined) return [];
  if (released === undefined) {
    return [{ object: `${pod.name}, ${when}`, ok: false, before: pod.uid, after: 'gone' }];
  }
  const findings = [...goesOn(pod, [released], when), controllerFinding(released, undefined, when)];
  const object = `the next ${pod.name}`;
  if (replacement === undefined) {
    return [...findings, { object, ok: false, before: 'a pod of the set', after: 'none' }];
  }
  const fresh = replacement.uid !== released.uid;
  return [
    ...findings,
    { object, ok: fresh, before: `UID ${released.uid}`, after: `UID ${replacement.uid}` },
    controllerFinding(replacement, uids.after, 'in its place'),
    ...sameClaims(released, [replacement], object),
  ];
}

function adoption(seen: OrphanRecord): Conclusion {
  const { set, uids, before, orphaned, adopted } = seen;
  const another = uids.after !== uids.before;
  const made = {
    object: set,
    ok: another,
    before: `UID ${uids.before}`,
    after: `UID ${uids.after}`,
  };
  const findings = [
    made,
    ...before.flatMap((pod) => goesOn(pod, orphaned, 'without its set')),
    ...orphaned.map((pod) => controllerFinding(pod, undefined, 'without its set')),
    ...before.flatMap((pod) => goesOn(pod, adopted, 'with another set of that name')),
    ...adopted.map((pod) => controllerFinding(pod, uids.after, 'with another set of that name')),
    ...afterRelease(seen),
  ];
  const evidence =
    before.length === 0 ? [] : findings.map((entry) => ({ ...entry, disruption: 0 }));
  const pods = count(before.length, 'pod');
  return concludeFrom(evidence, `${pods} adopted by another set ${set}; one released and replaced`);
}

/** What becomes of pods without their set, and of a pod that its set can't claim any more. */
export const adoptionChecks: readonly Check[] = [
  {
    id: 'I8',
    title: 'orphans are adopted, a pod that does not match is released',
    needs: 'orphan',
    conclude: ({ acts }) => fromOutcome(acts.orphan, 'deleting a set without its pods', adoption),
  },
];
