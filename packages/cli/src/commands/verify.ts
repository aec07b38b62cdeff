import { styleText } from 'node:util';
import { exitCode, findHelm, helmClient, type Report, unlessAborted } from '@holdfast/core';
import {
  assertDiskSpace,
  assertPortFree,
  connectEngine,
  defaultNodeImage,
  existingCluster,
  loadDriver,
  proveChart,
  selectChecks,
  startK3s,
  verdictTable,
  type Cluster,
  type LedgerOverrides,
  type Style,
} from '@holdfast/harness';
import { printJson, printResult } from '../output.ts';
import { createProgress, type Progress } from '../progress.ts';
import { showProof } from '../proof-progress.ts';
import type { Stop } from '../signals.ts';
import { version } from '../version.ts';
import { assertDisruptions, courseOf, drawNotice } from './disruption-options.ts';
import { assertRenders, nameRelease } from './plan.ts';
import type { VerifyOptions } from './verify-options.ts';
import { removeReport, writeReport } from './write-report.ts';

/** The engine is asked before Helm, which may have to be built, and before a cluster. */
async function assertEngine(options: VerifyOptions): Promise<void> {
  await assertDiskSpace(await connectEngine());
  if (options.apiPort !== undefined) await assertPortFree(options.apiPort);
}

/** A cluster whose removal is shown. */
function announced(cluster: Cluster, progress: Progress): Cluster {
  return {
    ...cluster,
    async [Symbol.asyncDispose]() {
      progress.begin('removing the cluster');
      await cluster[Symbol.asyncDispose]();
      progress.done('cluster removed');
    },
  };
}

/** Ends the step that an error ended; one that was told to stop has not failed. */
function endStep(progress: Progress, signal: AbortSignal): void {
  if (signal.aborted) progress.clear();
  else progress.failed();
}

async function openCluster(
  options: VerifyOptions,
  progress: Progress,
  stop: Stop,
): Promise<Cluster> {
  if (options.kubeconfig !== undefined) {
    stop.removing('the release and its namespace');
    return existingCluster(options.kubeconfig, options.context);
  }
  const { nodes, images, apiPort, k3sImage } = options;
  const title = `cluster of ${nodes} node${nodes === 1 ? '' : 's'}`;
  stop.removing('the cluster');
  progress.begin(title);
  const cluster = await startK3s({
    nodes,
    nodeImage: k3sImage ?? defaultNodeImage,
    ...(images === undefined ? {} : { imagesDir: images }),
    ...(apiPort === undefined ? {} : { apiPort }),
    say: progress.say,
    signal: stop.signal,
  });
  progress.done(`${title} ready`);
  return announced(cluster, progress);
}

/** How the driver's application is reached, as far as it is said. */
function reachOf({ driverService, driverPort, driverSecret }: VerifyOptions): LedgerOverrides {
  return {
    ...(driverService === undefined ? {} : { service: driverService }),
    ...(driverPort === undefined ? {} : { port: driverPort }),
    ...(driverSecret === undefined ? {} : { secrets: driverSecret }),
  };
}

async function proveOn(
  chart: string,
  options: VerifyOptions,
  progress: Progress,
  stop: Stop,
): Promise<Report> {
  const { signal } = stop;
  progress.begin('checking the chart');
  const program = await unlessAborted(findHelm(progress.say, signal), signal);
  const helm = helmClient(program);
  const release = await nameRelease(chart, options, helm, signal);
  // A cluster that is there renders it just as soon, and for its own version of Kubernetes.
  if (options.kubeconfig === undefined) {
    await assertRenders(chart, options, release, helm, signal);
  }
  progress.clear();
  const { rounds, driver, only, clientImage, report: reportDir } = options;
  const course = courseOf(options);
  if (course.mixed) progress.line(true, drawNotice(course.mixed));
  await using cluster = await openCluster(options, progress, stop);
  try {
    const report = await proveChart({
      chart,
      values: options.values ?? [],
      set: options.set ?? [],
      ...release,
      rounds,
      ...course,
      ...(driver === undefined ? {} : { driver }),
      reach: reachOf(options),
      ...(only === undefined ? {} : { only }),
      ...(reportDir === undefined ? {} : { reportDir }),
      clientImage,
      cluster,
      helm: helmClient(program, cluster.kubeconfigPath),
      holdfastVersion: version,
      onEvent: showProof(progress),
      signal,
    });
    for (const file of await writeReport(report, options)) progress.line(true, `wrote ${file}`);
    return report;
  } catch (error) {
    endStep(progress, signal);
    throw error;
  }
}

const stream = process.stdout;
const style: Style = (role, text) => {
  const format = {
    passed: 'green',
    failed: 'red',
    skipped: 'yellow',
    title: 'bold',
    detail: 'dim',
  } as const;
  return styleText(format[role], text, { stream });
};

/**
 * `holdfast verify`: proves a chart on a cluster of its own, or on one that is there.
 *
 * @param chart path of a chart folder or of a packaged chart; all input has been checked
 * @returns what the process exits with: 1 for a chart that was rejected
 * @throws HoldfastError (badInput, environment); the signal's reason when stopped
 */
export async function verify(chart: string, options: VerifyOptions, stop: Stop): Promise<number> {
  selectChecks(options.only);
  assertDisruptions(options);
  if (options.driver !== undefined) await loadDriver(options.driver);
  await removeReport(options);
  if (options.kubeconfig === undefined) await assertEngine(options);
  const progress = await createProgress();
  const report = await proveOn(chart, options, progress, stop).catch((error: unknown) => {
    endStep(progress, stop.signal);
    throw error;
  });
  if (options.json === true) printJson(report);
  else printResult(verdictTable(report, style));
  return report.verdict === 'proven' ? exitCode.ok : exitCode.findings;
}
