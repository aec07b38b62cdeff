import { HoldfastError, messageOf, type Report } from '@holdfast/core';
import { assertConclusive, runChecks, selectChecks } from './checks/catalogue.ts';
import type { Check } from './checks/conclude.ts';
import { removeRelease } from './kube/clean-up.ts';
import { nodeNames } from './kube/discovery.ts';
import { createNamespace } from './kube/namespace.ts';
import { chartFacts } from './kube/release.ts';
import { imagesOf } from './observe/manifests.ts';
import { courseOf, perform, step } from './perform.ts';
import { isBooted, prepare, type Proof } from './prepare.ts';
import type { ProofOptions } from './prove-options.ts';
import { buildReport } from './report/build.ts';
import { cleanError } from './report/clean-error.ts';
import { removeFailureFolder, writeFailureFolder } from './report/failure-folder.ts';
import { keepSecrets } from './report/keep-secrets.ts';
import { secretKeeper, type KnownSecrets, type SecretKeeper } from './report/known-secrets.ts';
import { withoutOutput } from './report/without-output.ts';

/** Those that were known all the while, and those that are in the namespace now. */
async function secretsOf({ options }: Proof, keeper: SecretKeeper): Promise<KnownSecrets> {
  await keeper.learn(options.namespace);
  options.signal.throwIfAborted();
  return keeper.known();
}

/** Leaves behind what a failure can be understood from; never hides the failure itself. */
async function explain(proof: Proof, secrets: KnownSecrets): Promise<void> {
  const { options, client, objects, record } = proof;
  const { namespace, reportDir } = options;
  if (reportDir === undefined || options.signal.aborted) return;
  const { ledgers } = record;
  const disruptions = record.disruptions.map((done) => done.record);
  const { control } = options.cluster;
  const scene = { client, namespace, objects, secrets, disruptions, ledgers };
  try {
    await writeFailureFolder(control === undefined ? scene : { ...scene, control }, reportDir);
  } catch (error) {
    // After the colon of a notice nothing is told where Secrets can't be read.
    const what =
      secrets.unread === undefined
        ? 'the failure folder is not complete'
        : 'the failure folder has no objects and no logs';
    const text = `${what}: ${messageOf(error)}`;
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

async function report(
  proof: Proof,
  keeper: SecretKeeper,
  chosen: readonly Check[],
  startedAt: Date,
): Promise<Report> {
  const { options, spec, client } = proof;
  const { chart, values, set, driver, only, release, namespace, clientImage } = options;
  const { rounds, disrupt, mixed } = options;
  const course = mixed === undefined ? { rounds, disrupt } : { mixed, disrupt };
  const secrets = await secretsOf(proof, keeper);
  const record = withoutOutput(proof.record, secrets);
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
    options: { values, set, ...course, driver, only, release, namespace, clientImage },
  };
  const built = buildReport(facts, record, results, secrets.values);
  assertConclusive(built.checks);
  for (const result of built.checks) options.onEvent({ type: 'check', result });
  if (built.verdict === 'rejected') await explain(proof, secrets);
  return built;
}

async function proveInNamespace(
  proof: Proof,
  keeper: SecretKeeper,
  chosen: readonly Check[],
  startedAt: Date,
): Promise<Report> {
  const { options, objects } = proof;
  const images = new Set([...imagesOf(objects), options.clientImage]);
  try {
    await step(options, 'images', () => options.cluster.provideImages([...images]));
    await perform(proof, chosen);
    return await report(proof, keeper, chosen, startedAt);
  } catch (error) {
    options.signal.throwIfAborted();
    const secrets = await secretsOf(proof, keeper);
    const refused = error instanceof HoldfastError && error.kind === 'badInput';
    if (!refused) await explain(proof, secrets);
    throw cleanError(error, secrets);
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
  courseOf(options);
  if (options.reportDir !== undefined) await removeFailureFolder(options.reportDir);
  const prepared = await step(options, 'render', () => prepare(options));
  const keeper = secretKeeper(prepared.client, prepared.objects);
  const proof = { ...prepared, options: keepSecrets(options, keeper) };
  try {
    await createNamespace(proof.client, options.namespace, proof.owner);
    return await proveInNamespace(proof, keeper, chosen, startedAt);
  } finally {
    await cleanUp(proof);
  }
}
