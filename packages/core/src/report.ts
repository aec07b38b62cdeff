/** The types of a proof's report; `report.json` is one {@link Report}. */

export type Verdict = 'passed' | 'failed' | 'skipped';

/** One check's outcome with what it was concluded from. */
export interface CheckResult {
  /** As in the catalogue: "I6". */
  id: string;
  /** As in the catalogue: "same claim and volume for the same ordinal". */
  title: string;
  verdict: Verdict;
  /** One line: what was seen, or why it was skipped. */
  summary: string;
  /** What it was concluded from, one entry per finding or observation, at most some dozens. */
  evidence: Evidence[];
}

/** Something seen: before and after a disruption where it is a comparison. */
export interface Evidence {
  /** Whose: a pod, a claim, a file. */
  object: string;
  /** The number of the disruption it was seen after, counted from 1; 0 is before the first. */
  disruption: number;
  ok: boolean;
  before?: string;
  after: string;
}

/** A moment of a disruption's timeline, in milliseconds since the disruption began. */
export interface Moment {
  ms: number;
  object: string;
  event: string;
}

/** One disruption that was done, and how the pods came back. */
export interface DisruptionRecord {
  /** Counted from 1. */
  number: number;
  /** As in the catalogue: "graceful delete". */
  kind: string;
  targets: string[];
  startedAt: string;
  /** From the disruption until all its targets were Ready again; null when they never were. */
  recoveryMs: number | null;
  /** The same for each target. */
  recoveryMsByPod: Record<string, number | null>;
  timeline: Moment[];
}

/** Where a proof ran. */
export interface ClusterFacts {
  /** "k3s", "stand-in Kubernetes" or "existing cluster": never one under another's name. */
  kind: string;
  /** The API server's git version. */
  kubernetesVersion: string;
  nodes: string[];
  /** The node image, where this run booted the cluster. */
  nodeImage?: string;
  /** Milliseconds from the first container's start until all nodes were Ready. */
  bootMs?: number;
}

export interface Report {
  holdfastVersion: string;
  startedAt: string;
  durationMs: number;
  chart: { name: string; version: string; appVersion: string; path: string };
  /** The images of the chart's pods, with the content that ran. */
  images: { reference: string; imageId: string }[];
  /** The options that shaped the run: value files, sets, rounds. */
  options: Record<string, unknown>;
  cluster: ClusterFacts;
  helmVersion: string;
  disruptions: DisruptionRecord[];
  checks: CheckResult[];
  /** "proven": no check failed and at least one passed. */
  verdict: 'proven' | 'rejected';
}
