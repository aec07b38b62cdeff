import { badInput, type CheckResult } from '@holdfast/core';
import type { ProofRecord } from '../observe/record.ts';
import { adoptionChecks } from './adoption.ts';
import { applicationChecks } from './application.ts';
import { bystanderChecks } from './bystanders.ts';
import { claimChecks } from './claims.ts';
import { skipped, type Check, type Conclusion, type Need } from './conclude.ts';
import { dataChecks } from './data.ts';
import { externalChecks } from './external.ts';
import { helmChecks } from './helm.ts';
import { holderChecks } from './holders.ts';
import { identityChecks } from './identity.ts';
import { ledgerCheck, ledgerChecks } from './ledger.ts';
import { recoveryChecks } from './recovery.ts';
import { staticChecks } from './static.ts';
import { stoppingChecks } from './stopping.ts';
import { uninstallChecks } from './uninstall.ts';

/** Every check that there is, in the order in which a report lists them. */
export const catalogue: readonly Check[] = [
  ...staticChecks,
  ...helmChecks,
  ...identityChecks,
  ...claimChecks,
  ...applicationChecks,
  ...adoptionChecks,
  ...uninstallChecks,
  ...bystanderChecks,
  ...recoveryChecks,
  ...stoppingChecks,
  ledgerCheck,
  ...dataChecks,
  ...ledgerChecks,
  ...holderChecks,
  ...externalChecks,
];

/** Checks that the others stand on: when they fail, they are listed though nobody chose them. */
const foundations = new Set(['H1', 'R1']);

/**
 * The checks that were chosen by id ("I6") or by family ("I"); all of them where nothing is chosen.
 *
 * @throws HoldfastError (badInput) for what is neither
 */
export function selectChecks(only: readonly string[] | undefined): Check[] {
  if (only === undefined || only.length === 0) return [...catalogue];
  const chosen = new Set<string>();
  for (const token of only) {
    const wanted = token.trim().toUpperCase();
    const found = catalogue.filter((c) => c.id === wanted || c.id.replace(/\d+$/, '') === wanted);
    if (found.length === 0) {
      throw badInput('there is no such check', {
        object: token,
        hint: `choose among ${catalogue.map((check) => check.id).join(', ')}, or a family by its letter`,
      });
    }
    for (const check of found) chosen.add(check.id);
  }
  return catalogue.filter((check) => chosen.has(check.id));
}

/** Why a check can't be concluded from what was recorded; undefined where it can. */
function missing(needs: Need, record: ProofRecord): string | undefined {
  const installed = record.install.every((finding) => finding.ok);
  const ready = record.observations.length > 0;
  switch (needs) {
    case 'chart':
      return undefined;
    case 'install':
      return record.install.length > 0 ? undefined : 'the installation was not tried';
    case 'pods':
    case 'recovery':
      break;
    case 'disruption':
      // A plan of which nothing was done is a finding, not a thing that does not apply.
      if (ready && record.planned === 0) return 'no disruption was planned';
      break;
    case 'copies':
    case 'upgrade':
    case 'orphan':
    case 'reinstall':
    case 'control':
    case 'full disk':
    case 'outside':
      // An act stands for itself: what came of it says whether it was tried.
      return installed ? undefined : 'the installation failed (H1)';
  }
  if (ready) return undefined;
  return installed ? 'the pods were not observed' : 'the installation failed (H1)';
}

function concludeOne(check: Check, record: ProofRecord): Conclusion {
  const reason = missing(check.needs, record);
  if (reason !== undefined) return skipped(reason);
  const conclusion = check.conclude(record);
  const survived = record.observations.length > 1;
  if (check.needs === 'recovery' && conclusion.verdict === 'passed' && !survived) {
    return skipped('no disruption was survived, so nothing was shown');
  }
  return conclusion;
}

/** Concludes the chosen checks from a record. */
export function runChecks(chosen: readonly Check[], record: ProofRecord): CheckResult[] {
  return catalogue.flatMap((check) => {
    const listed = chosen.includes(check);
    if (!listed && !foundations.has(check.id)) return [];
    const result = { id: check.id, title: check.title, ...concludeOne(check, record) };
    return listed || result.verdict === 'failed' ? [result] : [];
  });
}

/**
 * Refuses results of which all were skipped: nothing has failed, so the chart is not rejected, and
 * nothing was proven either.
 *
 * @throws HoldfastError (badInput) with the reason of each
 */
export function assertConclusive(results: readonly CheckResult[]): void {
  if (results.some((result) => result.verdict !== 'skipped')) return;
  const reasons = results.map(({ id, summary }) => `${id}: ${summary}`).join('; ');
  throw badInput('nothing was proven: every chosen check was skipped', {
    object: `--only ${results.map(({ id }) => id).join(',')}`,
    hint: `${reasons}; choose other checks, or values to which these apply`,
  });
}

/** "proven" only when nothing failed and something passed. */
export function verdictOf(results: readonly CheckResult[]): 'proven' | 'rejected' {
  const failed = results.some((result) => result.verdict === 'failed');
  const passed = results.some((result) => result.verdict === 'passed');
  return passed && !failed ? 'proven' : 'rejected';
}
