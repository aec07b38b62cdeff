import type { Report } from '@holdfast/core';
import { connect, deleteNamespace } from '@holdfast/harness';
import { type ProofCluster, startProofCluster } from '../cluster/proof-cluster.ts';
import { imageOf, setsFor, type Testbed } from '../testbed/prepare.ts';
import { applicationOf, type BrokenChart, chartFolder } from './charts.ts';

/** How many charts are judged at the same time: they mostly wait. */
export const atOnce = 3;

/** What came of judging a chart. */
export interface Judgement {
  /** The checks that failed. */
  failed: string[];
  /** "R2 failed: …", a line for each check. */
  lines: string[];
  report: Report;
}

/** A cluster on which charts are judged; disposing of it removes it. */
export interface Court extends AsyncDisposable {
  /** Judges a chart in a namespace of this name, and deletes that. */
  judge(chart: BrokenChart, namespace: string): Promise<Judgement>;
}

/** Judges a chart by the checks that it names. */
async function judgeOn(
  place: ProofCluster,
  testbed: Testbed,
  broken: BrokenChart,
  namespace: string,
): Promise<Judgement> {
  await using chart = await chartFolder(broken);
  const { base, values, limits, only, disrupt } = broken;
  const { driver, images = {} } = applicationOf(broken);
  const own = Object.entries(images).map(([key, name]) => `${key}=${imageOf(testbed, name)}`);
  const report = await place.prove({
    chart: chart.path,
    values: values === undefined ? [] : [values],
    set: [...setsFor(testbed, base), ...own],
    release: base,
    namespace,
    only,
    disrupt,
    driver,
    ...(limits === undefined ? {} : { limits }),
  });
  const failed = report.checks.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id);
  const lines = report.checks.map(({ id, verdict, summary }) => `${id} ${verdict}: ${summary}`);
  return { failed, lines, report };
}

/** Boots a cluster for charts that are judged side by side. */
export async function openCourt(testbed: Testbed, signal: AbortSignal): Promise<Court> {
  const place = await startProofCluster(testbed, { nodes: 2 }, signal);
  const client = connect(place.cluster.kubeconfigPath, undefined, signal);
  return {
    async judge(broken, namespace) {
      try {
        return await judgeOn(place, testbed, broken, namespace);
      } finally {
        // A cluster that goes anyway needs no clean-up, but what ran on it takes room from the next.
        if (!signal.aborted) await deleteNamespace(client, namespace, 0);
      }
    },
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}
