import type { LedgerRecord } from '@holdfast/core';
import type { RunningLedger } from '../ledger/running-ledger.ts';

/** Reads a ledger again from its start, by its writer, which has stopped and outlives the release. */
export async function readAgain(ledger: RunningLedger): Promise<LedgerRecord> {
  await ledger.readBack();
  return ledger.stop();
}
