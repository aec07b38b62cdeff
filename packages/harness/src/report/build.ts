import type { CheckResult, ClusterFacts, LedgerRecord, Report } from '@holdfast/core';
import { verdictOf } from '../checks/catalogue.ts';
import type { ProofRecord } from '../observe/record.ts';
import { redactPair, redactText } from './redact.ts';

/** What a report says beside the checks. */
export interface ReportFacts {
  holdfastVersion: string;
  helmVersion: string;
  startedAt: Date;
  durationMs: number;
  chart: Report['chart'];
  cluster: ClusterFacts;
  options: { values: readonly string[]; set: readonly string[]; [option: string]: unknown };
}

/** Each image once, with the content that ran. */
function imagesIn(record: ProofRecord): Report['images'] {
  const pods = record.observations.flatMap((observation) => observation.pods);
  const images = pods.flatMap((pod) => pod.images).filter((image) => image.imageId !== '');
  const known = new Map(images.map((image) => [`${image.reference} ${image.imageId}`, image]));
  return [...known.values()].sort((a, b) => a.reference.localeCompare(b.reference));
}

/** A result without secrets in what was seen. */
function clean(result: CheckResult, secrets: readonly string[]): CheckResult {
  return {
    ...result,
    summary: redactText(result.summary, secrets),
    evidence: result.evidence.map((entry) => ({
      ...entry,
      after: redactText(entry.after, secrets),
      ...(entry.before === undefined ? {} : { before: redactText(entry.before, secrets) }),
    })),
  };
}

/** A ledger's end may quote what a program printed. */
export function cleanLedger(ledger: LedgerRecord, secrets: readonly string[]): LedgerRecord {
  const { error } = ledger;
  return error === undefined ? ledger : { ...ledger, error: redactText(error, secrets) };
}

/**
 * Puts a report together.
 *
 * @param secrets values that must stand nowhere in it
 */
export function buildReport(
  facts: ReportFacts,
  record: ProofRecord,
  results: readonly CheckResult[],
  secrets: readonly string[],
): Report {
  const { startedAt, options, ...rest } = facts;
  return {
    ...rest,
    startedAt: startedAt.toISOString(),
    images: imagesIn(record),
    options: { ...options, set: options.set.map((pair) => redactText(redactPair(pair), secrets)) },
    disruptions: record.disruptions.map((done) => done.record),
    notDone: record.notDone.map((entry) => ({
      ...entry,
      reason: redactText(entry.reason, secrets),
    })),
    ledgers: record.ledgers.map((ledger) => cleanLedger(ledger, secrets)),
    checks: results.map((result) => clean(result, secrets)),
    verdict: verdictOf(results),
  };
}
