import type { NodeControl } from '../cluster/cluster.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ClientShell } from '../kube/client-pod.ts';
import type { RunningLedger } from '../ledger/running-ledger.ts';
import type { Driver } from '../observe/driver.ts';

/** A driver with the texts of its scripts. */
export interface LoadedDriver extends Driver {
  /** By their file names. */
  scripts: Readonly<Record<string, string>>;
}

/** Limits in milliseconds. */
export interface Limits {
  /** From the installation until all pods are Ready. */
  readyMs: number;
  /** From a disruption until all its targets are back and Ready, and from then until all ledgers go on. */
  recoveryMs: number;
  /** From then until DNS answers the current addresses. */
  dnsMs: number;
  /** For Helm's hooks and tests. */
  helmMs: number;
}

/** Where a proof's installed release stands, and how it is reached. */
export interface Scene {
  client: KubeClient;
  namespace: string;
  /** The names of the release's StatefulSets. */
  sets: readonly string[];
  shell: ClientShell;
  /** The domain of the cluster's Services. */
  clusterDomain: string;
  driver: LoadedDriver | undefined;
  limits: Limits;
  /** Absent where the nodes are out of reach. */
  control?: NodeControl;
  /** What is written all the while; absent until it is. */
  ledgers?: readonly RunningLedger[];
}
