import type { Evidence } from '@holdfast/core';
import type { ReinstallRecord, UninstallRecord } from '../observe/acts.ts';
import { claimDifferences } from '../observe/identity-diff.ts';
import type { DataMark, ProofRecord } from '../observe/record.ts';
import { compareIdentity } from './application.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';
import { fromOutcome, ledgerEvidence, tallyOf } from './ledger-evidence.ts';

type Finding = Omit<Evidence, 'disruption'>;

function atOnce(findings: readonly Finding[]): Evidence[] {
  return findings.map((finding) => ({ ...finding, disruption: 0 }));
}

function onlyWhatStays({ left, unread }: UninstallRecord): Conclusion {
  const because = (reason: string | undefined) =>
    reason ?? 'is left, and nothing says that it stays';
  const findings = left.map(({ object, because: reason }): Finding => {
    return { object, ok: reason !== undefined, after: because(reason) };
  });
  const kept = left.map(({ object }) => object).join(', ');
  const but = unread.length === 0 ? '' : `; not looked for: ${unread.join(', ')}`;
  if (findings.length === 0)
    findings.push({ object: 'namespace', ok: true, after: 'nothing left' });
  return concludeFrom(atOnce(findings), `left: ${kept === '' ? 'nothing' : kept}${but}`);
}

function claimFindings({ before, after }: ReinstallRecord): Finding[] {
  return before.pods.flatMap((pod): Finding[] => {
    const now = after.pods.find(({ name }) => name === pod.name);
    if (!now) return [{ object: pod.name, ok: false, before: pod.uid, after: 'no such pod' }];
    const object = `${pod.name} claims`;
    const differences = claimDifferences(pod.claims, now.claims);
    const same = { object, ok: true, after: 'same claims, same volumes' };
    return differences.length === 0
      ? [same]
      : differences.map(({ what, ...change }) => ({
          object: `${pod.name} ${what}`,
          ok: false,
          ...change,
        }));
  });
}

function markFindings({ after }: ReinstallRecord, marks: readonly DataMark[]): Finding[] {
  return marks
    .filter(({ error }) => error === undefined)
    .map((mark): Finding => {
      const reading = after.data.find(
        ({ place }) => place.pod === mark.pod && place.directory === mark.directory,
      );
      const seen = reading?.error ?? reading?.nonce ?? 'absent';
      const ok = reading?.error === undefined && reading?.nonce === mark.nonce;
      return { object: `${mark.pod}:${mark.directory}`, ok, before: mark.nonce, after: seen };
    });
}

/** What is compared are digests: it may be said that they differ, and nothing of what they are of. */
function credentialFindings({ before, after }: ReinstallRecord['secrets']): Finding[] {
  return Object.entries(before).map(([object, digest]): Finding => {
    const now = after[object];
    const seen = now === undefined ? 'absent' : now === digest ? 'the same' : 'another one';
    return { object, ok: now === digest, before: 'a credential', after: seen };
  });
}

function findsItself(seen: ReinstallRecord, record: ProofRecord): Conclusion {
  const { before, after, secrets, ledgers } = seen;
  const identities = after.identities.flatMap((reading) =>
    compareIdentity(
      before.identities.find(({ pod }) => pod === reading.pod),
      reading,
      0,
    ),
  );
  const evidence = [
    ...atOnce(claimFindings(seen)),
    ...atOnce(markFindings(seen, record.marks)),
    ...atOnce(credentialFindings(secrets)),
    ...ledgers.flatMap((ledger) => ledgerEvidence(ledger, 0)),
    ...identities,
  ];
  const claims = before.pods.reduce((sum, pod) => sum + pod.claims.length, 0);
  if (claims === 0 && record.claims === 'none') {
    return skipped('the driver says that these pods keep nothing');
  }
  const credentials = Object.keys(secrets.before).length;
  const summary = [
    `same ${count(claims, 'claim')}`,
    ...(credentials === 0 ? [] : [count(credentials, 'credential')]),
    ...(ledgers.length === 0 ? [] : [`${tallyOf(ledgers)}, none lost`]),
  ].join('; ');
  // Of pods without claims nothing can be found again.
  if (claims === 0) {
    const after = 'no claim: whatever the pods write is lost with them';
    return concludeFrom(
      [{ object: 'pods', disruption: 0, ok: false, after }, ...evidence],
      summary,
    );
  }
  return concludeFrom(evidence, summary);
}

/** What outlives a release. */
export const uninstallChecks: readonly Check[] = [
  {
    id: 'V4',
    title: 'an uninstallation leaves only what is kept',
    needs: 'reinstall',
    conclude: ({ acts }) => fromOutcome(acts.uninstall, 'helm uninstall', onlyWhatStays),
  },
  {
    id: 'V5',
    title: 'a new installation finds data and credentials',
    needs: 'reinstall',
    conclude: (record) =>
      fromOutcome(record.acts.reinstall, 'installing again', (seen) => findsItself(seen, record)),
  },
];
