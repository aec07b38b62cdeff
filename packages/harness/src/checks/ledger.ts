import { seconds, type Evidence } from '@holdfast/core';
import type { ControlRecord, CopyReading, FullDiskRecord } from '../observe/acts.ts';
import type { ProofRecord } from '../observe/record.ts';
import { claimsDontApply } from './claims.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';
import { fromOutcome, ledgerEvidence, tallyOf, wrongOf } from './ledger-evidence.ts';

/** Each disruption must have come after an acknowledgement of each ledger, and before another. */
function gaps({ disruptions, ledgers }: ProofRecord): Evidence[] {
  return disruptions.flatMap(({ record: { number, gapMs = {} } }) =>
    ledgers
      .filter(({ error }) => error === undefined)
      .map(({ name }): Evidence => {
        const gap = gapMs[name] ?? null;
        const never = 'nothing was acknowledged before it began, or nothing after it';
        const after = gap === null ? never : `${Math.round(gap)} ms without an acknowledgement`;
        return { object: name, disruption: number, ok: gap !== null, after };
      }),
  );
}

function everyWrite(record: ProofRecord): Conclusion {
  const { ledgers, disruptions } = record;
  const reason = claimsDontApply(record);
  if (reason !== undefined && ledgers.length === 0) return skipped(reason);
  const last = disruptions.at(-1)?.record.number ?? 0;
  const lengths = disruptions.flatMap(({ record: { gapMs = {} } }) =>
    Object.values(gapMs).map((gap) => gap ?? 0),
  );
  const longest = seconds(Math.max(0, ...lengths));
  return concludeFrom(
    [...ledgers.flatMap((ledger) => ledgerEvidence(ledger, last)), ...gaps(record)],
    `${tallyOf(ledgers)}; none lost; the longest gap ${longest}`,
  );
}

function onEveryMember(readings: CopyReading[]): Conclusion {
  const evidence = readings.flatMap(({ member, ledger }) =>
    ledgerEvidence(ledger, 0).map((entry) => ({ ...entry, object: `${member}: ${entry.object}` })),
  );
  const members = new Set(readings.map(({ member }) => member));
  return concludeFrom(evidence, `${count(members.size, 'member')} asked for all that was written`);
}

function reportsLoss({ without, ledgers }: ControlRecord): Conclusion {
  const evidence = ledgers.map((ledger): Evidence => {
    const { name: object, acknowledged, lost, error } = ledger;
    const before = tallyOf([ledger]);
    const silent = 'nothing was acknowledged, so nothing could be lost';
    const after = error ?? (acknowledged === 0 ? silent : wrongOf(ledger));
    return { object, disruption: 0, ok: error === undefined && lost.count > 0, before, after };
  });
  const lost = ledgers.reduce((sum, ledger) => sum + ledger.lost.count, 0);
  return concludeFrom(evidence, `${lost} writes reported lost with ${without.join(', ')}`);
}

function time(ms: number | null): string {
  return ms === null ? 'never' : `after ${seconds(ms)}`;
}

function fullDisk(seen: FullDiskRecord): Conclusion {
  const { pod, claim, silenceMs, fullMs, ledgers, unsettled } = seen;
  const evidence = ledgers.flatMap((ledger): Evidence[] => {
    const { concerned, silentAfterMs, resumedAfterMs, record } = ledger;
    const object = record.name;
    const silence = `no acknowledgement for ${seconds(silenceMs)}: ${time(silentAfterMs)}`;
    const resumed = `acknowledged again ${time(resumedAfterMs)}`;
    return [
      ...(concerned
        ? [{ object, disruption: 0, ok: silentAfterMs !== null, before: 'full', after: silence }]
        : []),
      { object, disruption: 0, ok: resumedAfterMs !== null, before: 'room again', after: resumed },
      ...ledgerEvidence(record, 0),
    ];
  });
  const room = 'the volume had room again';
  const open =
    unsettled === undefined
      ? []
      : [{ object: pod, disruption: 0, ok: false, before: room, after: unsettled }];
  const slowest = Math.max(0, ...ledgers.map((ledger) => ledger.resumedAfterMs ?? 0));
  const all = tallyOf(ledgers.map(({ record }) => record));
  const elsewhere = ledgers.some(({ concerned }) => concerned) ? '' : ', which not all writes need';
  const summary = `${claim} full for ${seconds(fullMs)}${elsewhere}: ${all}; none lost; written again ${time(slowest)}`;
  return concludeFrom(ledgers.length === 0 ? [] : [...open, ...evidence], summary);
}

/** What was acknowledged, all through the disruptions. */
export const ledgerCheck: Check = {
  id: 'D1',
  title: 'every acknowledged write is there',
  needs: 'recovery',
  conclude: everyWrite,
};

/** What was acknowledged, in places where it is harder to keep, or can't be. */
export const ledgerChecks: readonly Check[] = [
  {
    id: 'D4',
    title: 'every member has all that was written',
    needs: 'copies',
    conclude: ({ acts }) => fromOutcome(acts.copies, 'reading on every member', onEveryMember),
  },
  {
    id: 'D5',
    title: 'without persistence the ledger reports loss',
    needs: 'control',
    conclude: ({ acts }) => fromOutcome(acts.control, 'a release that keeps nothing', reportsLoss),
  },
  {
    id: 'D6',
    title: 'a full volume loses nothing, and is used again',
    needs: 'full disk',
    conclude: ({ acts }) => fromOutcome(acts.fullDisk, 'filling a volume', fullDisk),
  },
];
