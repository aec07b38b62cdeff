import { assertChart, badInput, messageOf, type CheckResult, type Report } from '@holdfast/core';
import { runChecks, selectChecks } from './checks/catalogue.ts';
import type { Check, Need } from './checks/conclude.ts';
import { dryRunFindings, lintFindings } from './disrupt/inspect.ts';
import { install, runTests } from './disrupt/install.ts';
import { loadDriver } from './disrupt/load-driver.ts';
import { runRounds } from './disrupt/rounds.ts';
import type { Limits, LoadedDriver } from './disrupt/scene.ts';
import { setScene } from './disrupt/set-scene.ts';
import { connect, type KubeClient } from './kube/client.ts';
import { removeRelease } from './kube/clean-up.ts';
import { nodeNames, serverVersion } from './kube/discovery.ts';
import { awaitServiceAccount, createNamespace } from './kube/namespace.ts';
import { chartFacts, renderChart, type ReleaseSpec } from './kube/release.ts';
import { hooksOf, imagesOf, parseManifests, type RenderedObject } from './observe/manifests.ts';
import type { ProofRecord } from './observe/record.ts';
import { defaultLimits, type ProofOptions } from './prove-options.ts';
import { buildReport } from './report/build.ts';
import { readSecrets, removeFailureFolder, writeFailureFolder } from './report/failure-folder.ts';
import { secretValues } from './report/redact.ts';

/** A proof on its way: what its steps share. */
interface Proof {
  options: ProofOptions;
  spec: ReleaseSpec;
  client: KubeClient;
  objects: RenderedObject[];
  /** The names of the StatefulSets. */
  sets: string[];
  driver: LoadedDriver | undefined;
  limits: Limits;
  record: ProofRecord;
}

async function step<T>(options: ProofOptions, title: string, work: () => Promise<T>): Promise<T> {
  options.signal.throwIfAborted();
  const began = performance.now();
  options.onEvent({ type: 'step', title, state: 'started' });
  const value = await work();
  const ms = Math.round(performance.now() - began);
  options.onEvent({ type: 'step', title, state: 'finished', ms });
  return value;
}

/** The names of the StatefulSets that the chart renders, hooks apart. */
function setsOf(objects: readonly RenderedObject[], chart: string): string[] {
  const sets = objects.filter((o) => o.kind === 'StatefulSet' && hooksOf(o).length === 0);
  if (sets.length > 0) return sets.map((set) => set.metadata.name);
  throw badInput('the chart renders no StatefulSet with these values', {
    object: chart,
    hint: 'a proof follows the pods of StatefulSets; there is nothing here that it could follow',
  });
}

/** All that changes nothing on the cluster: what is bad here is bad input. */
async function prepare(options: ProofOptions): Promise<Proof> {
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
  const limits = { ...defaultLimits, ...options.limits };
  const record: ProofRecord = {
    lint: await lintFindings(helm, spec),
    dryRun: [],
    install: [],
    marks: [],
    observations: [],
    disruptions: [],
    planned: 0,
    claims: driver?.claims ?? 'required',
    limits,
  };
  return { options, spec, client, objects, sets, driver, limits, record };
}

/** Whether any of the chosen checks can't do without one of these. */
function need(chosen: readonly Check[], needs: readonly Need[]): boolean {
  return chosen.some((check) => needs.includes(check.needs));
}

/** The steps in the namespace, as far as the chosen checks need them; the record holds what came of them. */
async function perform(proof: Proof, chosen: readonly Check[]): Promise<void> {
  const { options, spec, client, objects, sets, limits, record } = proof;
  const { namespace, helm } = options;
  await awaitServiceAccount(client, namespace);
  record.dryRun = await step(options, 'dry run', () => dryRunFindings(client, namespace, objects));
  if (!need(chosen, ['install', 'pods', 'disruption', 'recovery'])) return;
  record.install = await step(options, 'install', () => install(client, helm, spec, sets, limits));
  if (!record.install.every((finding) => finding.ok)) return;
  const tests = objects
    .filter((object) => hooksOf(object).some((hook) => hook.startsWith('test')))
    .map((object) => object.metadata.name);
  const tested = await step(options, 'test', () => runTests(client, helm, spec, tests, limits));
  record.install.push(tested);
  if (!need(chosen, ['pods', 'disruption', 'recovery'])) return;
  const scene = await step(options, 'client pod', () => setScene(client, proof, options));
  await step(options, 'disruptions', () =>
    runRounds(scene, options.rounds, record, {
      planned: ({ number, kind, targets }, total) => {
        options.onEvent({ type: 'disruption', number, total, kind, targets });
      },
      moment: (disruption, moment) => {
        options.onEvent({ type: 'moment', disruption, moment });
      },
      done: (done) => {
        options.onEvent({ type: 'recovery', record: done });
      },
    }),
  );
}

/** The values of the release's secrets; the rendered ones alone where none may be read. */
async function secretsOf({ client, options, objects }: Proof): Promise<string[]> {
  const there = await readSecrets(client, options.namespace).catch(() => []);
  return secretValues([...objects, ...there]);
}

/** Leaves behind what a failure can be understood from; never hides the failure itself. */
async function explain(proof: Proof, secrets: readonly string[]): Promise<void> {
  const { options, client, objects } = proof;
  const { namespace, reportDir } = options;
  if (reportDir === undefined || options.signal.aborted) return;
  try {
    await writeFailureFolder({ client, namespace, objects, secrets }, reportDir);
  } catch (error) {
    const text = `the failure folder is not complete: ${messageOf(error)}`;
    options.onEvent({ type: 'notice', text });
  }
}

/** Removes what was made, on a cluster that stays; what can't be removed is said. */
async function cleanUp({ options, spec, client }: Proof): Promise<void> {
  if (options.cluster.facts.kind !== 'existing cluster') return;
  const quiet = { ...options, signal: new AbortController().signal };
  try {
    await step(quiet, 'clean up', () => removeRelease(client, options.helm, spec));
  } catch (error) {
    const text = `namespace ${spec.namespace} is left behind: ${messageOf(error)}`;
    options.onEvent({ type: 'notice', text });
  }
}

async function report(proof: Proof, chosen: readonly Check[], startedAt: Date): Promise<Report> {
  const { options, spec, client, record } = proof;
  const { chart, values, set, rounds, driver, only, release, namespace, clientImage } = options;
  const results: CheckResult[] = runChecks(chosen, record);
  const secrets = await secretsOf(proof);
  const { facts: known } = options.cluster;
  const nodes = known.nodes.length > 0 ? known.nodes : await nodeNames(client);
  const facts = {
    holdfastVersion: options.holdfastVersion,
    helmVersion: await options.helm.version(),
    startedAt,
    durationMs: Date.now() - startedAt.getTime(),
    chart: { ...(await chartFacts(options.helm, spec)), path: chart },
    cluster: { ...known, kubernetesVersion: spec.kubeVersion, nodes },
    options: { values, set, rounds, driver, only, release, namespace, clientImage },
  };
  const built = buildReport(facts, record, results, secrets);
  for (const result of built.checks) options.onEvent({ type: 'check', result });
  if (built.verdict === 'rejected') await explain(proof, secrets);
  return built;
}

/**
 * Proves a chart on a cluster: installs it, disrupts its pods, and concludes from what was recorded
 * whether they kept their identity and their data.
 *
 * @returns the report, whatever its verdict
 * @throws HoldfastError (badInput) for a chart, values, driver or selection that can't be proven;
 *   (environment) for an image or a cluster that can't be had; the signal's reason when aborted
 */
export async function proveChart(options: ProofOptions): Promise<Report> {
  const startedAt = new Date();
  const chosen = selectChecks(options.only);
  if (options.reportDir !== undefined) await removeFailureFolder(options.reportDir);
  const proof = await step(options, 'render', () => prepare(options));
  const images = new Set([...imagesOf(proof.objects), options.clientImage]);
  await createNamespace(proof.client, options.namespace);
  try {
    await step(options, 'images', () => options.cluster.provideImages([...images]));
    await perform(proof, chosen);
    return await report(proof, chosen, startedAt);
  } catch (error) {
    options.signal.throwIfAborted();
    await explain(proof, await secretsOf(proof));
    throw error;
  } finally {
    await cleanUp(proof);
  }
}
