import type { Evidence } from '@holdfast/core';
import type { Standing, UpgradeRecord } from '../observe/acts.ts';
import { touched } from '../observe/bystanders.ts';
import { concludeFrom, count, type Check, type Conclusion } from './conclude.ts';
import { fromOutcome } from './ledger-evidence.ts';
import { evidenceOf } from './static.ts';

type Finding = Omit<Evidence, 'disruption'>;

function sameEntries(
  what: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Finding[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.map((name): Finding => {
    const was = before[name] ?? 'absent';
    const is = after[name] ?? 'absent';
    return { object: `${what} of ${name}`, ok: was === is, before: was, after: is };
  });
}

function samePods(before: Standing, after: Standing): Finding[] {
  const fresh = after.pods
    .filter((pod) => !before.pods.some(({ name }) => name === pod.name))
    .map((pod): Finding => ({ object: pod.name, ok: false, before: 'absent', after: pod.uid }));
  const kept = before.pods.map((pod): Finding => {
    const difference = touched(pod, after.pods);
    if (!difference) return { object: pod.name, ok: true, after: 'same UID, no restart' };
    const { what, ...change } = difference;
    return { object: pod.name, ok: false, ...change, after: `${what} ${change.after}` };
  });
  return [...kept, ...fresh];
}

function claimsBy({ claims }: Standing): Record<string, string> {
  return Object.fromEntries(claims.map(({ name, uid, volume }) => [name, `${uid} ${volume}`]));
}

function restartsNothing({ looks, unsettled }: UpgradeRecord): Conclusion {
  const findings = looks.slice(1).flatMap((after, index): Finding[] => {
    const before = looks[index];
    if (!before) return [];
    const number = `, upgrade ${index + 1}`;
    const compared = [
      ...sameEntries('template', before.templates, after.templates),
      ...sameEntries('revision', before.revisions, after.revisions),
      ...samePods(before, after),
      ...sameEntries('binding', claimsBy(before), claimsBy(after)),
    ];
    return compared.map((finding) => ({ ...finding, object: finding.object + number }));
  });
  const open = { object: 'pods', ok: false, after: unsettled ?? '' };
  const evidence = [...(unsettled === undefined ? [] : [open]), ...findings];
  const [first] = looks;
  const summary = `${count(looks.length - 1, 'upgrade')}, ${count(first?.pods.length ?? 0, 'pod')} untouched`;
  return concludeFrom(
    evidence.map((entry) => ({ ...entry, disruption: 0 })),
    summary,
  );
}

/** What Helm does with a chart. */
export const helmChecks: readonly Check[] = [
  {
    id: 'H1',
    title: 'installs, becomes Ready, passes its tests',
    needs: 'install',
    conclude: (record) =>
      concludeFrom(
        evidenceOf(record.install),
        record.install.map((finding) => finding.text).join(' · '),
      ),
  },
  {
    id: 'H2',
    title: 'an upgrade with the same values restarts nothing',
    needs: 'upgrade',
    conclude: ({ acts }) => fromOutcome(acts.upgrade, 'helm upgrade', restartsNothing),
  },
];
