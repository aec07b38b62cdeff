import type { DisruptionRecord, LedgerRecord, NotDone } from '@holdfast/core';
import type { Acts } from './acts.ts';
import type { StandingPod } from './bystanders.ts';
import type { DataReading } from './data.ts';
import type { Ending } from './endings.ts';
import type { Holders } from './holders.ts';
import type { IdentityReading } from './identities.ts';
import type { PodRecord, SetRecord } from './identity.ts';
import type { Aim, TargetState } from './target.ts';

/** How a pod's name was answered by the cluster's DNS. */
export interface DnsRecord {
  pod: string;
  /** The name asked for; '' where the set names no Service. */
  fqdn: string;
  /** The pod's addresses at that time, one of each family, as the API server had them. */
  ips: string[];
  addresses: string[];
  /**
   * Milliseconds from the first question, after the pods were Ready, until the answer was of the
   * pod's addresses alone; null: it never was.
   */
  settledMs: number | null;
}

/** All that was recorded at one time: before the first disruption, or after one. */
export interface Observation {
  /** The disruption that it follows, counted from 1; 0 is before the first. */
  disruption: number;
  sets: SetRecord[];
  /** The pods that the sets control. */
  pods: PodRecord[];
  dns: DnsRecord[];
  data: DataReading[];
  /** What the application says of itself; none where the driver has no program that asks it. */
  identities: IdentityReading[];
}

/** What was expected of a target, and what became of it. */
export interface TargetEvidence extends Aim {
  /** As it was when the disruption was over; undefined where no pod of its name was there. */
  after: TargetState | undefined;
  /** How the pod of before ended, where it is gone. */
  ending?: Ending;
  /** Where it was last seen. */
  state: string;
}

/** What an eviction met with. */
export interface EvictionEvidence {
  /** The names of the budgets that cover the pod. */
  budgets: string[];
  /** The eviction of another pod that a used-up budget covers, asked for while the first was away. */
  beyond?: { pod: string; budget: string; refused: boolean; said: string };
  /** Why no other was asked for. */
  untried?: string;
}

/** A disruption with what it was done to, and who stood by. */
export interface DisruptionEvidence {
  record: DisruptionRecord;
  /** By the targets' names. */
  targets: Record<string, TargetEvidence>;
  /** All pods that are meant to go on running, of whatever controller, as they were before. */
  before: StandingPod[];
  /** The same when the disruption was over. */
  after: StandingPod[];
  /** The names of those that it must not touch: none where it takes all. */
  bystanders: string[];
  eviction?: EvictionEvidence;
  /** Who had the data open, as its node saw it while the pod was taken away by force. */
  holders?: Holders;
  /** Why not all was back where it should be: pods that are not Ready, writes that go unanswered. */
  unsettled?: string;
}

/** What was written to a place at the beginning. */
export interface DataMark {
  pod: string;
  directory: string;
  nonce: string;
  content: string;
  /** Why it could not be written. */
  error?: string;
}

/** A finding of a step before the pods run. */
export interface StepFinding {
  object: string;
  ok: boolean;
  text: string;
  /** The end of a container's log, kept apart: it may hold secrets that nobody knows to take out. */
  log?: string;
}

/** All that a proof has recorded; the checks conclude from this and from nothing else. */
export interface ProofRecord {
  lint: StepFinding[];
  /** What was looked for in the rendered objects. */
  rendered: { labels: StepFinding[]; services: StepFinding[] };
  dryRun: StepFinding[];
  install: StepFinding[];
  /**
   * Whether the namespace surely enforces Pod Security "restricted": on a cluster that the proof
   * did not boot, the admission plugin may be off or make exceptions.
   */
  enforced: boolean;
  marks: DataMark[];
  /** The first is that before the disruptions. */
  observations: Observation[];
  disruptions: DisruptionEvidence[];
  /** How many disruptions were planned. */
  planned: number;
  /** What was wanted and could not be done: whole kinds, and single ones of the plan. */
  notDone: NotDone[];
  /** Why the plan ended early, where the pods were not Ready for the next disruption. */
  stopped?: string;
  /** What was written all the while, and read back at the end. */
  ledgers: LedgerRecord[];
  acts: Acts;
  /** What the driver says about claims. */
  claims: 'required' | 'none';
  /** Limits in milliseconds that checks name in their results. */
  limits: { recoveryMs: number; dnsMs: number };
}
