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

/** A stretch of time, in milliseconds since a disruption began. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** One life of a pod: with another UID begins another one. */
export interface PodLife {
  pod: string;
  uid: string;
  /** When it was created; null where it was there before the disruption. */
  createdMs: number | null;
  /** When it was gone; null where it was still there when the disruption was over. */
  goneMs: number | null;
  /** When it was Ready and not on its way out, as the API server had it. */
  ready: Span[];
}

/** What was so from when to when, from the beginning of a disruption until it was over. */
export interface Spans {
  /** When it was over: the pods back, and writes acknowledged again. */
  untilMs: number;
  pods: PodLife[];
  /** For each ledger, when writes were acknowledged; pauses of less than 0.2 s don't interrupt that. */
  acknowledged: Record<string, Span[]>;
}

/** One disruption that was done, and how the pods came back. */
export interface DisruptionRecord {
  /** Counted from 1. */
  number: number;
  /** As in the catalogue: "graceful delete". */
  kind: string;
  targets: string[];
  startedAt: string;
  /** From the disruption until all its targets were back and Ready; null when they never were. */
  recoveryMs: number | null;
  /** The same for each target. */
  recoveryMsByPod: Record<string, number | null>;
  timeline: Moment[];
  /** What the timeline comes to; absent in reports of older versions. */
  spans?: Spans;
  /** Where it took nodes away; the time of the recovery includes this one. */
  away?: Absence;
  /**
   * For each ledger the longest time without an acknowledged write that the disruption touched, in
   * milliseconds; null when none was acknowledged after it began. Absent without ledgers.
   */
  gapMs?: Record<string, number | null>;
}

/** Nodes that a disruption took away, and for how long. */
export interface Absence {
  nodes: string[];
  /**
   * Milliseconds from the order to stop them, or to cut them off, until the order to bring them back;
   * for a restart until all of them had reported again.
   */
  ms: number;
}

/** A disruption that was wanted and could not be done. */
export interface NotDone {
  kind: string;
  reason: string;
  /** Its number in the plan; absent where no disruption of the kind was planned for that reason. */
  number?: number;
  /** The pods that it was aimed at, where it was planned. */
  targets?: string[];
}

/** What a writer was told by the application, and what was read back of it at the end. */
export interface LedgerRecord {
  /** Tells the ledgers of a proof apart: "redis:6379", "web-0:/usr/share/nginx/html". */
  name: string;
  /**
   * How writes reached the application: by an address that stays, or by names that have to be asked for
   * again; absent where they went into files.
   */
  reached?: 'address' | 'names';
  /** Writes by what the application answered; an unknown one got no answer, and may be there or not. */
  acknowledged: number;
  failed: number;
  unknown: number;
  /** From the first attempt to the last, in milliseconds. */
  durationMs: number;
  /** How many acknowledged writes were not there, and the first of them. */
  lost: { count: number; first: LostWrite[] };
  /** How many writes were there with another value than the one written, and the first of them. */
  altered: { count: number; first: LostWrite[] };
  /** How many entries were there that nobody had written. */
  foreign: number;
  /** How many writes were there though they had been refused. */
  failedButThere: number;
  /** Why it could not be written or not be read back, where that was so. */
  error?: string;
}

/** A write that is not as it was acknowledged. */
export interface LostWrite {
  seq: number;
  /** When it was acknowledged, as ISO 8601; absent when it was not. */
  at?: string;
  /** The disruption that was last begun by then; 0 is before the first. */
  disruption: number;
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
  /** What was wanted and could not be done. */
  notDone?: NotDone[];
  ledgers: LedgerRecord[];
  checks: CheckResult[];
  /** "proven": no check failed and at least one passed. */
  verdict: 'proven' | 'rejected';
}
