import type { LedgerRecord } from '@holdfast/core';
import type { StandingPod } from './bystanders.ts';
import type { DataReading } from './data.ts';
import type { IdentityReading } from './identities.ts';
import type { PodRecord } from './identity.ts';
import type { LeftObject } from './leftovers.ts';

/** What came of an act: a step of a proof that is no disruption. */
export type Outcome<T> =
  | { state: 'done'; seen: T }
  /** It does not apply to this chart, or can't be tried on this cluster. */
  | { state: 'skipped'; reason: string }
  /** It was tried, and did not come to its end: a finding. */
  | { state: 'stopped'; reason: string };

/** A claim, and what it is bound to. */
export interface BoundClaim {
  name: string;
  uid: string;
  volume: string;
}

/** All of a release that an upgrade which changes nothing must leave alone, at one moment. */
export interface Standing {
  /** A digest of each workload's pod template, by "Kind/name". */
  templates: Record<string, string>;
  /** The revision that each StatefulSet wants its pods to have. */
  revisions: Record<string, string>;
  pods: StandingPod[];
  claims: BoundClaim[];
}

/** Standing before an upgrade, after it, and after one more; and what the pods still lacked. */
export interface UpgradeRecord {
  looks: Standing[];
  unsettled?: string;
}

/** A pod as far as adoption changes it. */
export interface OwnedPod {
  name: string;
  uid: string;
  restarts: number;
  containers: string[];
  /** The UID of its controller; undefined where it has none. */
  controller: string | undefined;
  /** The UIDs of its claims, sorted. */
  claims: string[];
}

/** A StatefulSet that is deleted without its pods, and made again; then one pod leaves it. */
export interface OrphanRecord {
  set: string;
  /** The set's UID before it was deleted, and that of the set that was made in its place. */
  uids: { before: string; after: string };
  before: OwnedPod[];
  /** When the set was gone. */
  orphaned: OwnedPod[];
  /** When the set of the same name had settled. */
  adopted: OwnedPod[];
  /** What was changed for one pod to match no longer: "key=value". */
  label: string;
  /** That pod, some time after the change. */
  released: OwnedPod | undefined;
  /** The pod of its name when the released one was deleted and the set had settled. */
  replacement: OwnedPod | undefined;
}

/** What an uninstallation left in the namespace. */
export interface UninstallRecord {
  left: LeftObject[];
  /** Kinds that could not be looked for. */
  unread: string[];
}

/** The pods of a release and what is in them. */
export interface SeenPods {
  pods: PodRecord[];
  data: DataReading[];
  identities: IdentityReading[];
}

/** A release that was uninstalled, and installed again under the same name. */
export interface ReinstallRecord {
  before: SeenPods;
  after: SeenPods;
  /** Keyed digests of what the pods' Secrets hold, by "Secret key". */
  secrets: { before: Record<string, string>; after: Record<string, string> };
  /** The ledgers, read back from their start. */
  ledgers: LedgerRecord[];
}

/** A ledger as one member of a set has it. */
export interface CopyReading {
  /** The pod that was asked by its own name. */
  member: string;
  ledger: LedgerRecord;
}

/** A release that keeps nothing, of which the ledger must say so. */
export interface ControlRecord {
  /** The values that make it so. */
  without: string[];
  ledgers: LedgerRecord[];
}

/** A ledger on a volume without room. Times are in milliseconds; null: that never happened. */
export interface FullLedger {
  /** Whether what it writes goes to the full volume and nowhere else. */
  concerned: boolean;
  /** From when the volume was full until the last acknowledgement before a silence. */
  silentAfterMs: number | null;
  /** From when there was room again until the first acknowledgement. */
  resumedAfterMs: number | null;
  record: LedgerRecord;
}

/** A release of which one volume was filled to the last byte, and then had room again. */
export interface FullDiskRecord {
  pod: string;
  claim: string;
  /** How long no acknowledgement counts as a silence, in milliseconds. */
  silenceMs: number;
  /** How long the volume was full, in milliseconds. */
  fullMs: number;
  ledgers: FullLedger[];
  /** What the pods lacked once there was room, and for as long as was waited. */
  unsettled?: string;
}

/** A release whose application moves to a server outside, and back. */
export interface ExternalRecord {
  /** The pods' claims before, and after it was back. */
  before: PodRecord[];
  after: PodRecord[];
  /** Pods of the StatefulSets that still ran while the application was outside. */
  stayed: string[];
  /** What was written while it was outside, by the same names, and read back there. */
  outside: LedgerRecord[];
  /** The same ledgers read back when it was inside again, where nothing of theirs may be. */
  notInside: LedgerRecord[];
  /** What was written before it moved, read back when it was inside again. */
  inside: LedgerRecord[];
}

/** Acts as checks need them. */
export const actNames = [
  /** Every member of a set is asked for what was written. */
  'copies',
  /** The release is upgraded with the values that it has. */
  'upgrade',
  /** A StatefulSet is deleted without its pods, and made again. */
  'orphan',
  /** The release is uninstalled, and installed again. */
  'reinstall',
  /** A release that keeps nothing loses what was written to it. */
  'control',
  /** A release runs on a volume without room. */
  'full disk',
  /** The application moves to a server outside, and back. */
  'outside',
] as const;
export type ActName = (typeof actNames)[number];

/** What came of the acts of a proof; absent is one that was not begun. */
export interface Acts {
  copies?: Outcome<CopyReading[]>;
  upgrade?: Outcome<UpgradeRecord>;
  orphan?: Outcome<OrphanRecord>;
  uninstall?: Outcome<UninstallRecord>;
  reinstall?: Outcome<ReinstallRecord>;
  control?: Outcome<ControlRecord>;
  fullDisk?: Outcome<FullDiskRecord>;
  external?: Outcome<ExternalRecord>;
}
