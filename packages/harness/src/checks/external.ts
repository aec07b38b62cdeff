import type { Evidence } from '@holdfast/core';
import type { ExternalRecord } from '../observe/acts.ts';
import { claimDifferences } from '../observe/identity-diff.ts';
import { concludeFrom, type Check, type Conclusion } from './conclude.ts';
import { fromOutcome, ledgerEvidence, tallyOf } from './ledger-evidence.ts';

function claims({ before, after }: ExternalRecord): Evidence[] {
  return before.flatMap((pod): Evidence[] => {
    const now = after.find(({ name }) => name === pod.name);
    const object = `${pod.name}, back inside`;
    if (!now) return [{ object, disruption: 0, ok: false, before: pod.uid, after: 'no such pod' }];
    const differences = claimDifferences(pod.claims, now.claims);
    if (differences.length === 0) {
      return [{ object, disruption: 0, ok: true, after: 'same claims, same volumes' }];
    }
    return differences.map(({ what, ...change }) => {
      return { object: `${object}: ${what}`, disruption: 0, ok: false, ...change };
    });
  });
}

function moves(seen: ExternalRecord): Conclusion {
  const { stayed, outside, notInside, inside } = seen;
  const running = stayed.map((object): Evidence => {
    return { object, disruption: 0, ok: false, before: 'outside', after: 'still runs inside' };
  });
  const named = (where: string, entries: Evidence[]) =>
    entries.map((entry) => ({ ...entry, object: `${entry.object}, ${where}` }));
  // What was written while it was outside must not be inside, or it never went outside.
  const elsewhere = notInside.map((ledger): Evidence => {
    const { name, acknowledged, lost, error } = ledger;
    const there = acknowledged - lost.count;
    const text = `${there} of ${acknowledged} writes are inside`;
    const object = `${name}, what was written outside`;
    return { object, disruption: 0, ok: error === undefined && there === 0, after: error ?? text };
  });
  const evidence = [
    ...running,
    ...named(
      'outside',
      outside.flatMap((ledger) => ledgerEvidence(ledger, 0)),
    ),
    ...elsewhere,
    ...named(
      'back inside',
      inside.flatMap((ledger) => ledgerEvidence(ledger, 0)),
    ),
    ...claims(seen),
  ];
  const shown = outside.length > 0 && inside.length > 0;
  const summary = `outside ${tallyOf(outside)}; back inside ${tallyOf(inside)}; none lost`;
  return concludeFrom(shown ? evidence : [], summary);
}

/** What moves between the cluster and a server outside. */
export const externalChecks: readonly Check[] = [
  {
    id: 'E1',
    title: 'moves outside and back under the same DNS name',
    needs: 'outside',
    conclude: ({ acts }) => fromOutcome(acts.external, 'moving outside', moves),
  },
];
