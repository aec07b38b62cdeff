import { randomUUID } from 'node:crypto';
import { assertChart, badInput } from '@holdfast/core';
import { lintFindings } from './disrupt/inspect.ts';
import { loadDriver } from './disrupt/load-driver.ts';
import type { Limits, LoadedDriver } from './disrupt/scene.ts';
import { connect, type KubeClient } from './kube/client.ts';
import { serverVersion } from './kube/discovery.ts';
import { chartFacts, renderChart, type ReleaseSpec } from './kube/release.ts';
import { drivenSet } from './observe/driver.ts';
import { serviceFindings } from './observe/governing-service.ts';
import { ofKind, parseManifests, type RenderedObject } from './observe/manifests.ts';
import type { ProofRecord } from './observe/record.ts';
import { labelFindings } from './observe/stable-labels.ts';
import { defaultLimits, type ProofOptions } from './prove-options.ts';

/** A proof on its way: what its steps share. */
export interface Proof {
  options: ProofOptions;
  spec: ReleaseSpec;
  client: KubeClient;
  objects: RenderedObject[];
  /** The names of the StatefulSets. */
  sets: string[];
  driver: LoadedDriver | undefined;
  limits: Limits;
  record: ProofRecord;
  /** Tells the namespace that this proof made from any other. */
  owner: string;
}

/** Whether the cluster was booted for this proof, and goes with it. */
export function isBooted({ cluster }: ProofOptions): boolean {
  return cluster.facts.kind !== 'existing cluster';
}

/** The names of the StatefulSets that the chart renders, hooks apart. */
function setsOf(objects: readonly RenderedObject[], chart: string): string[] {
  const sets = ofKind(objects, 'StatefulSet');
  if (sets.length > 0) return sets.map((set) => set.metadata.name);
  throw badInput('the chart renders no StatefulSet with these values', {
    object: chart,
    hint: 'a proof follows the pods of StatefulSets; there is nothing here that it could follow',
  });
}

/** All that changes nothing on the cluster: what is bad here is bad input. */
export async function prepare(options: ProofOptions): Promise<Proof> {
  const { chart, values, set, release, namespace, helm, signal, cluster } = options;
  if (!Number.isInteger(options.rounds) || options.rounds < 1) {
    throw badInput('a proof has at least one round', { object: `rounds ${options.rounds}` });
  }
  await assertChart(chart);
  const driver = options.driver === undefined ? undefined : await loadDriver(options.driver);
  const client = connect(cluster.kubeconfigPath, cluster.context, signal);
  const kubeVersion = await serverVersion(client);
  const context = cluster.context === undefined ? {} : { context: cluster.context };
  const spec = { chart, values, set, release, namespace, kubeVersion, signal, ...context };
  const objects = parseManifests(await renderChart(helm, spec));
  const sets = setsOf(objects, chart);
  if (driver?.set !== undefined) drivenSet(sets, driver.set);
  const limits = { ...defaultLimits, ...options.limits };
  const labels = labelFindings(objects, await chartFacts(helm, spec));
  const record: ProofRecord = {
    lint: await lintFindings(helm, spec),
    rendered: { labels, services: serviceFindings(objects) },
    dryRun: [],
    install: [],
    enforced: isBooted(options),
    marks: [],
    observations: [],
    disruptions: [],
    planned: 0,
    notDone: [],
    ledgers: [],
    acts: {},
    claims: driver?.claims ?? 'required',
    limits,
  };
  return { options, spec, client, objects, sets, driver, limits, record, owner: randomUUID() };
}
