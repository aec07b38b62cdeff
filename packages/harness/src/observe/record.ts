import type { DisruptionRecord } from '@holdfast/core';
import type { Bystander } from './bystanders.ts';
import type { DataReading } from './data.ts';
import type { PodRecord, SetRecord } from './identity.ts';

/** How a pod's name was answered by the cluster's DNS. */
export interface DnsRecord {
  pod: string;
  /** The name asked for; '' where the set names no Service. */
  fqdn: string;
  /** The pod's address at that time, as the API server had it. */
  ip: string;
  addresses: string[];
  /** Milliseconds until the answer was the pod's address alone; null: not within the limit. */
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
  /** Those who must not be touched; empty where all pods were targets. */
  bystanders: Bystander[];
  bystandersAfter: Bystander[];
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
}

/** All that a proof has recorded; the checks conclude from this and from nothing else. */
export interface ProofRecord {
  lint: StepFinding[];
  dryRun: StepFinding[];
  install: StepFinding[];
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
