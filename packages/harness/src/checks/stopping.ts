import { seconds, type DisruptionRecord, type Evidence, type LedgerRecord } from '@holdfast/core';
import type { Ending } from '../observe/endings.ts';
import type { DisruptionEvidence, ProofRecord } from '../observe/record.ts';
import { concludeFrom, count, skipped, type Check, type Conclusion } from './conclude.ts';

function howItEnded({ ms, graceMs, killed, unseen }: Ending): Pick<Evidence, 'ok' | 'after'> {
  const time = `gone after ${seconds(ms)}`;
  if (killed.length > 0) return { ok: false, after: `${time}: ${killed.join(', ')} was killed` };
  const ok = unseen.length === 0 || ms < graceMs;
  return { ok, after: ok ? time : `${time}; nobody saw ${unseen.join(', ')} end` };
}

function stopsInTime({ disruptions }: ProofRecord): Conclusion {
  const evidence = disruptions.flatMap(({ record, targets }) =>
    Object.entries(targets).flatMap(([object, { ending }]): Evidence[] => {
      // By force it is killed, as it is meant; and whether it is gone at all is R1's question.
      if (ending === undefined || ending.graceMs === 0) return [];
      const before = `told to stop within ${seconds(ending.graceMs)}`;
      return [{ object, disruption: record.number, before, ...howItEnded(ending) }];
    }),
  );
  if (evidence.length === 0) return skipped('no pod was told to stop');
  const endings = disruptions.flatMap(({ targets }) =>
    Object.values(targets).flatMap(({ ending }) => (ending?.graceMs ? [ending.ms] : [])),
  );
  const slowest = seconds(Math.max(...endings));
  return concludeFrom(
    evidence,
    `${count(evidence.length, 'pod')} stopped, the slowest in ${slowest}`,
  );
}

/**
 * How long after a pod is Ready writes may be refused, in milliseconds: Services learn of it, and a
 * client that has given up tries again.
 */
const learnMs = 10_000;

/** How long after the recovery the next write was acknowledged; undefined: none was, as D1 tells. */
function lateMs({ recoveryMs, spans, gapMs }: DisruptionRecord, ledger: string) {
  const gap = gapMs?.[ledger] ?? null;
  if (recoveryMs === null || spans === undefined || gap === null) return undefined;
  const next = spans.acknowledged[ledger]?.find(({ toMs }) => toMs >= recoveryMs);
  // A single one right at the end is no stretch of time.
  return Math.max(0, (next?.fromMs ?? spans.untilMs) - recoveryMs);
}

/** Whether it took pods away, and all are Ready again: what Ready means is not asked of a network. */
function isRecovered({ record, targets }: DisruptionEvidence): boolean {
  const struck = Object.values(targets).every(({ fate, hit }) => fate === 'replaced' || hit);
  return struck && record.away === undefined && record.recoveryMs !== null;
}

function limitOf({ reached }: LedgerRecord, { limits }: ProofRecord): number {
  // A client that goes by names may have been told the former address.
  return reached === 'names' ? limits.dnsMs + learnMs : learnMs;
}

function servesWhenReady(record: ProofRecord): Conclusion {
  const ledgers = record.ledgers.filter(({ reached }) => reached !== undefined);
  if (ledgers.length === 0) return skipped('no driver writes through the application');
  const late = record.disruptions.filter(isRecovered).flatMap((disruption) =>
    ledgers.flatMap((ledger) => {
      const ms = lateMs(disruption.record, ledger.name);
      return ms === undefined ? [] : [{ ledger, disruption: disruption.record, ms }];
    }),
  );
  if (late.length === 0) return skipped('no write followed a disruption of pods');
  const evidence = late.map(({ ledger, disruption: { number, targets }, ms }): Evidence => {
    const after = `acknowledged ${seconds(ms)} after Ready`;
    const ok = ms <= limitOf(ledger, record);
    return { object: ledger.name, disruption: number, ok, before: targets.join(', '), after };
  });
  const slowest = seconds(Math.max(...late.map(({ ms }) => ms)));
  return concludeFrom(evidence, `writes acknowledged at most ${slowest} after Ready`);
}

/** Whether pods stop when they are told to, and serve when they say so. */
export const stoppingChecks: readonly Check[] = [
  {
    id: 'R2',
    title: 'a pod that is told to stop does, within its grace period',
    needs: 'disruption',
    conclude: stopsInTime,
  },
  {
    id: 'R3',
    title: 'a pod that is Ready serves',
    needs: 'disruption',
    conclude: servesWhenReady,
  },
];
