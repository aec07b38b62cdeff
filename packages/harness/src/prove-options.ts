import type { CheckResult, DisruptionRecord, Helm, Moment, NotDone } from '@holdfast/core';
import type { Cluster } from './cluster/cluster.ts';
import type { Limits } from './disrupt/scene.ts';
import type { LedgerOverrides } from './ledger/start-ledgers.ts';

/** What a proof tells while it goes on, for a display that shows it live. */
export type ProofEvent =
  | { type: 'step'; title: string; state: 'started' }
  | { type: 'step'; title: string; state: 'finished'; ms: number }
  /** How many disruptions will be done, and what was wanted and can't be. */
  | { type: 'plan'; total: number; notDone: NotDone[] }
  | { type: 'disruption'; number: number; total: number; kind: string; targets: string[] }
  | { type: 'moment'; disruption: number; moment: Moment }
  | { type: 'recovery'; record: DisruptionRecord }
  /** A disruption of the plan that turned out not to be possible. */
  | { type: 'not done'; entry: NotDone }
  | { type: 'check'; result: CheckResult }
  /** Something that went wrong beside the proof, such as a namespace that could not be deleted. */
  | { type: 'notice'; text: string };

/** A proof: which chart, how, and where. */
export interface ProofOptions {
  /** Path of a chart folder or of a packaged chart. */
  chart: string;
  /** Paths of value files, the later ones win. */
  values: string[];
  /** `KEY=VALUE` pairs, as Helm's `--set` takes them. */
  set: string[];
  release: string;
  /** Must not exist: the proof makes it, and deletes it on a cluster that it did not boot. */
  namespace: string;
  /** How often each disruption is done, at least once; nothing where they are drawn. */
  rounds: number;
  /** The kinds of disruption, by id; without it all. */
  disrupt?: string[];
  /** So many disruptions are drawn instead of rounds, the same ones by the same seed. */
  mixed?: { count: number; seed: number };
  /** A driver folder. */
  driver?: string;
  /** Where the driver's application is reached, instead of what is found by the driver. */
  reach?: LedgerOverrides;
  /** Checks by id or family; without it all. */
  only?: string[];
  /** The image of the client pod: it has sh, nslookup and wget. */
  clientImage: string;
  cluster: Cluster;
  /** Bound to the cluster's kubeconfig. */
  helm: Helm;
  holdfastVersion: string;
  /** Other limits than the defaults, in milliseconds. */
  limits?: Partial<Limits>;
  onEvent: (event: ProofEvent) => void;
  signal: AbortSignal;
  /** Where the failure folder goes; without it none is written. */
  reportDir?: string;
}

/** The limits of a proof in milliseconds, where none are given. */
export const defaultLimits: Limits = {
  readyMs: 300_000,
  recoveryMs: 120_000,
  // CoreDNS caches an answer for 30 s.
  dnsMs: 35_000,
  helmMs: 300_000,
};
