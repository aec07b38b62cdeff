import type { LedgerRecord } from '@holdfast/core';
import type {
  ControlRecord,
  CopyReading,
  ExternalRecord,
  FullDiskRecord,
  FullLedger,
  OrphanRecord,
  Outcome,
  ReinstallRecord,
  Standing,
  UninstallRecord,
  UpgradeRecord,
} from '../observe/acts.ts';
import type { Holders } from '../observe/holders.ts';
import type { IdentityReading } from '../observe/identities.ts';
import type { ProofRecord } from '../observe/record.ts';
import { goodRecord } from './record.fixture.ts';

/** Damages a good record in one place, for tests. */

export function broken(damage: (record: ProofRecord) => void): ProofRecord {
  const record = goodRecord();
  damage(record);
  return record;
}

export function first<T>(list: readonly T[]): T {
  const [entry] = list;
  if (entry === undefined) throw new Error('nothing there');
  return entry;
}

export function last<T>(list: readonly T[]): T {
  return first(list.slice(-1));
}

export function done<T>(outcome: Outcome<T> | undefined): T {
  if (outcome?.state !== 'done') throw new Error('the act was not done');
  return outcome.seen;
}

export const lose = (ledger: LedgerRecord) => {
  ledger.lost = { count: 1, first: [{ seq: 7, at: '2026-01-01T00:00:02.000Z', disruption: 1 }] };
};
export const find = (ledger: LedgerRecord) => {
  ledger.lost = { count: 0, first: [] };
};
export const alter = (ledger: LedgerRecord) => {
  ledger.altered = { count: 2, first: [] };
};

export const ledger = (damage: (entry: LedgerRecord) => void) =>
  broken(({ ledgers }) => {
    damage(first(ledgers));
  });
export const lastIdentity = (damage: (reading: IdentityReading) => void) =>
  broken(({ observations }) => {
    damage(last(last(observations).identities));
  });
export const copies = (damage: (readings: CopyReading[]) => void) =>
  broken(({ acts }) => {
    damage(done(acts.copies));
  });
export const upgrade = (damage: (second: Standing, seen: UpgradeRecord) => void) =>
  broken(({ acts }) => {
    const seen = done(acts.upgrade);
    damage(last(seen.looks), seen);
  });
export const orphan = (damage: (seen: OrphanRecord) => void) =>
  broken(({ acts }) => {
    damage(done(acts.orphan));
  });
export const uninstall = (damage: (seen: UninstallRecord) => void) =>
  broken(({ acts }) => {
    damage(done(acts.uninstall));
  });
export const reinstall = (damage: (seen: ReinstallRecord) => void) =>
  broken(({ acts }) => {
    damage(done(acts.reinstall));
  });
export const control = (damage: (seen: ControlRecord) => void) =>
  broken(({ acts }) => {
    damage(done(acts.control));
  });
export const full = (damage: (concerned: FullLedger, seen: FullDiskRecord) => void) =>
  broken(({ acts }) => {
    const seen = done(acts.fullDisk);
    damage(first(seen.ledgers), seen);
  });
export const external = (damage: (seen: ExternalRecord) => void) =>
  broken(({ acts }) => {
    damage(done(acts.external));
  });
export const holders = (change: (holders: Holders) => Holders) =>
  broken(({ disruptions }) => {
    for (const entry of disruptions) if (entry.holders) entry.holders = change(entry.holders);
  });
export const stopped = (act: keyof ProofRecord['acts']) =>
  broken(({ acts }) => {
    acts[act] = { state: 'stopped', reason: 'waited 120 s for it' };
  });
