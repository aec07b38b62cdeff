import type { Evidence, Verdict } from '@holdfast/core';
import type { ActName } from '../observe/acts.ts';
import type { ProofRecord } from '../observe/record.ts';

/** What a check concluded from a record. */
export interface Conclusion {
  verdict: Verdict;
  summary: string;
  evidence: Evidence[];
}

/** What must have been done before a check can say anything. */
export type Need =
  /** The chart was rendered. */
  | 'chart'
  /** The installation was tried. */
  | 'install'
  /** All pods were Ready once. */
  | 'pods'
  /** A disruption was done. */
  | 'disruption'
  /** A disruption was survived; what was wrong before it fails all the same. */
  | 'recovery'
  /** An act was tried; it is done only where a check that was chosen needs it. */
  | ActName;

/** A check of the catalogue: data, and one function from what was recorded to a conclusion. */
export interface Check {
  id: string;
  title: string;
  needs: Need;
  conclude(record: ProofRecord): Conclusion;
}

const maxFailures = 40;
const maxOthers = 12;

/** Keeps evidence bounded: the first failures, then the first and the last of the others. */
function bounded(evidence: readonly Evidence[]): Evidence[] {
  const failures = evidence.filter((entry) => !entry.ok).slice(0, maxFailures);
  const others = evidence.filter((entry) => entry.ok);
  const kept = new Set(
    others.length <= maxOthers
      ? others
      : [...others.slice(0, maxOthers / 2), ...others.slice(-maxOthers / 2)],
  );
  return [...failures, ...others.filter((entry) => kept.has(entry))];
}

function first(evidence: readonly Evidence[]): string {
  const failures = evidence.filter((entry) => !entry.ok);
  const [entry] = failures;
  if (!entry) return '';
  const when = entry.disruption === 0 ? '' : ` after disruption ${entry.disruption}`;
  const change = entry.before === undefined ? entry.after : `${entry.before} → ${entry.after}`;
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : '';
  return `${entry.object}: ${change}${when}${more}`;
}

/**
 * Concludes from evidence: one failure fails the check, and so does the absence of any evidence,
 * since a check that saw nothing has shown nothing.
 *
 * @param passed the summary when all is well
 */
export function concludeFrom(evidence: readonly Evidence[], passed: string): Conclusion {
  if (evidence.length === 0) {
    return { verdict: 'failed', summary: 'nothing was observed', evidence: [] };
  }
  const ok = evidence.every((entry) => entry.ok);
  return {
    verdict: ok ? 'passed' : 'failed',
    summary: ok ? passed : first(evidence),
    evidence: bounded(evidence),
  };
}

/** A check that does not apply, and why. */
export function skipped(reason: string): Conclusion {
  return { verdict: 'skipped', summary: reason, evidence: [] };
}

/** An act that did not come to its end. */
export function stopped(act: string, reason: string): Conclusion {
  return concludeFrom([{ object: act, disruption: 0, ok: false, after: reason }], '');
}

/** "1 pod", "3 pods". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
