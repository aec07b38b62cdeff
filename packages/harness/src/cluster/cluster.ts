import type { ClusterFacts } from '@holdfast/core';

/**
 * The nodes of a cluster from outside of Kubernetes: what a failing machine does to them. Only a cluster
 * that was booted here has it.
 */
export interface NodeControl {
  /** The node that the control plane runs on. */
  readonly server: string;
  /** The others, sorted. */
  readonly agents: readonly string[];
  /**
   * Runs a script by `sh` on a node, as root.
   *
   * @returns its standard output
   * @throws HoldfastError (internal) with its output when it fails
   */
  run(node: string, script: string): Promise<string>;
  /** The end of what a node's own programs have printed, also of one that is stopped. */
  log(node: string, lines: number): Promise<string>;
  /** Stops a node as a machine that is switched off in order; its programs get a few seconds. */
  stop(node: string): Promise<void>;
  /** Starts a stopped node; resolves when it has reported to the API server again. */
  start(node: string): Promise<void>;
  /** Cuts a node off from all others, in both directions; its addresses and published ports stay. */
  cutOff(node: string): Promise<void>;
  /** Ends what {@link cutOff} began; nothing happens where it did not. */
  reconnect(node: string): Promise<void>;
  /** Stops all nodes and starts them again; resolves when all have reported to the API server. */
  restartAll(): Promise<void>;
}

/** A cluster that a proof runs on; disposing of it removes all that was made for it. */
export interface Cluster extends AsyncDisposable {
  /** The Kubernetes version is asked of the API by the proof itself. */
  readonly facts: Omit<ClusterFacts, 'kubernetesVersion'>;
  /** A file of mode 0600 that reaches the API from this process. */
  readonly kubeconfigPath: string;
  /** The kubeconfig's context; without it the current one. */
  readonly context?: string;
  /**
   * Makes images available on every node.
   *
   * @throws HoldfastError (environment) that names the image that can't be had
   */
  provideImages(references: readonly string[]): Promise<void>;
  /** Absent where the nodes are out of reach. */
  readonly control?: NodeControl;
}
