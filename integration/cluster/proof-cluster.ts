import { findHelm, helmClient, type Helm, type Report } from '@holdfast/core';
import {
  type Cluster,
  type K3sOptions,
  proveChart,
  type ProofOptions,
  startK3s,
} from '@holdfast/harness';
import type { Testbed } from '../testbed/prepare.ts';

/** What a test says of a proof; the rest is the same in all. */
export type TestedProof = Pick<ProofOptions, 'chart' | 'release' | 'namespace'> &
  Partial<ProofOptions>;

/** A cluster that charts are proven on by tests; disposing of it removes it. */
export interface ProofCluster extends AsyncDisposable {
  cluster: Cluster;
  helm: Helm;
  /** Proves a chart in one round, unless the options say otherwise. */
  prove(options: TestedProof): Promise<Report>;
}

/**
 * Boots a cluster of the test bed's nodes.
 *
 * @param signal aborts what goes on in it, not its removal
 */
export async function startProofCluster(
  testbed: Testbed,
  options: Pick<K3sOptions, 'nodes' | 'imagesDir'>,
  signal: AbortSignal,
): Promise<ProofCluster> {
  const cluster = await startK3s({ nodeImage: testbed.node, ...options, say: () => {}, signal });
  const helm = helmClient(await findHelm(), cluster.kubeconfigPath);
  return {
    cluster,
    helm,
    prove: (tested) =>
      proveChart({
        values: [],
        set: [],
        rounds: 1,
        clientImage: testbed.client,
        cluster,
        helm,
        holdfastVersion: 'test',
        onEvent: () => {},
        signal,
        ...tested,
      }),
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  };
}
