import type { ClusterFacts } from '@holdfast/core';

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
}
