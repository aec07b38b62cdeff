import { HoldfastError, messageOf, type Report } from '@holdfast/core';
import { assertConclusive, runChecks, selectChecks } from './checks/catalogue.ts';
import type { Check, Need } from './checks/conclude.ts';
import { dryRunFindings } from './disrupt/inspect.ts';
import { install, runTests } from './disrupt/install.ts';
import { runRounds } from './disrupt/rounds.ts';
import { setScene } from './disrupt/set-scene.ts';
import { removeRelease } from './kube/clean-up.ts';
import { nodeNames } from './kube/discovery.ts';
import { awaitServiceAccount, createNamespace } from './kube/namespace.ts';
import { chartFacts } from './kube/release.ts';
import { hooksOf, imagesOf } from './observe/manifests.ts';
import { isBooted, prepare, type Proof } from './prepare.ts';
import type { ProofOptions } from './prove-options.ts';
import { buildReport } from './report/build.ts';
import {
  knownSecrets,
  removeFailureFolder,
  withoutLogs,
  writeFailureFolder,
  type KnownSecrets,
} from './report/failure-folder.ts';

async function step<T>(options: ProofOptions, title: string, work: () => Promise<T>): Promise<T> {
  options.signal.throwIfAborted();
  const began = performance.now();
  options.onEvent({ type: 'step', title, state: 'started' });
  const value = await work();
  const ms = Math.round(performance.now() - began);
  options.onEvent({ type: 'step', title, state: 'finished', ms });
  return value;
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

function secretsOf({ client, options, objects }: Proof): Promise<KnownSecrets> {
  return knownSecrets(client, options.namespace, objects);
}

/** Leaves behind what a failure can be understood from; never hides the failure itself. */
async function explain(proof: Proof, secrets: KnownSecrets): Promise<void> {
  const { options, client, objects, record } = proof;
  const { namespace, reportDir } = options;
  if (reportDir === undefined || options.signal.aborted) return;
  const disruptions = record.disruptions.map((done) => done.record);
  try {
    await writeFailureFolder({ client, namespace, objects, secrets, disruptions }, reportDir);
  } catch (error) {
    const text = `the failure folder is not complete: ${messageOf(error)}`;
    options.onEvent({ type: 'notice', text });
  }
}

/** Removes what was made, on a cluster that stays; what can't be removed is said. */
async function cleanUp({ options, spec, client, owner }: Proof): Promise<void> {
  if (isBooted(options)) return;
  const quiet = { ...options, signal: new AbortController().signal };
  const left = await step(quiet, 'clean up', () =>
    removeRelease(client, options.helm, spec, owner),
  );
  for (const text of left) options.onEvent({ type: 'notice', text });
}

async function report(proof: Proof, chosen: readonly Check[], startedAt: Date): Promise<Report> {
  const { options, spec, client, record } = proof;
  const { chart, values, set, rounds, driver, only, release, namespace, clientImage } = options;
  const secrets = await secretsOf(proof);
  record.install = withoutLogs(record.install, secrets);
  const results = runChecks(chosen, record);
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
  const built = buildReport(facts, record, results, secrets.values);
  assertConclusive(built.checks);
  for (const result of built.checks) options.onEvent({ type: 'check', result });
  if (built.verdict === 'rejected') await explain(proof, secrets);
  return built;
}

async function proveInNamespace(
  proof: Proof,
  chosen: readonly Check[],
  startedAt: Date,
): Promise<Report> {
  const { options, objects } = proof;
  const images = new Set([...imagesOf(objects), options.clientImage]);
  try {
    await step(options, 'images', () => options.cluster.provideImages([...images]));
    await perform(proof, chosen);
    return await report(proof, chosen, startedAt);
  } catch (error) {
    options.signal.throwIfAborted();
    const refused = error instanceof HoldfastError && error.kind === 'badInput';
    if (!refused) await explain(proof, await secretsOf(proof));
    throw error;
  }
}

/**
 * Proves a chart on a cluster: installs it, disrupts its pods, and concludes from what was recorded
 * whether they kept their identity and their data.
 *
 * @returns the report, whatever its verdict
 * @throws HoldfastError (badInput) for a chart, values, driver or selection that can't be proven, and
 *   where none of the chosen checks applies; (environment) for an image or a cluster that can't be
 *   had; the signal's reason when aborted
 */
export async function proveChart(options: ProofOptions): Promise<Report> {
  const startedAt = new Date();
  const chosen = selectChecks(options.only);
  if (options.reportDir !== undefined) await removeFailureFolder(options.reportDir);
  const proof = await step(options, 'render', () => prepare(options));
  try {
    await createNamespace(proof.client, options.namespace, proof.owner);
    return await proveInNamespace(proof, chosen, startedAt);
  } finally {
    await cleanUp(proof);
  }
}
