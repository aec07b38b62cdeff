import type { DisruptionRecord } from '@holdfast/core';
import type { StandingPod } from './bystanders.ts';
import type { DataReading } from './data.ts';
import type { PodRecord, SetRecord } from './identity.ts';

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
}

/** A disruption with what it was done to, and who stood by. */
export interface DisruptionEvidence {
  record: DisruptionRecord;
  /** The UIDs of the targets before, and after where they came back. */
  uids: Record<string, { before: string; after: string | undefined }>;
  /** Where each target's replacement was last seen. */
  states: Record<string, string>;
  /** All pods that are meant to go on running, of whatever controller, as they were before. */
  before: StandingPod[];
  /** The same when the disruption was over. */
  after: StandingPod[];
  /** Why the pods were not all back, where they were not. */
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
  /** Why the plan ended early, where the pods were not Ready for the next disruption. */
  stopped?: string;
  /** What the driver says about claims. */
  claims: 'required' | 'none';
  /** Limits in milliseconds that checks name in their results. */
  limits: { recoveryMs: number; dnsMs: number };
}
