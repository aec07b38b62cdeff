import { badInput, helmMessage, HoldfastError, type Helm, type RunResult } from '@holdfast/core';
import { parse } from 'yaml';

/** A release to be: a chart with its values under a name, in a namespace. */
export interface ReleaseSpec {
  chart: string;
  /** Paths of value files, the later ones win. */
  values: readonly string[];
  /** `KEY=VALUE` pairs, as Helm's `--set` takes them. */
  set: readonly string[];
  release: string;
  namespace: string;
  /** The kubeconfig's context, where it is not the current one. */
  context?: string;
  /** The cluster's version, "v1.34.4": Helm by itself renders for the one it was built with. */
  kubeVersion: string;
  /** What the proof has been told, to abort it. */
  signal: AbortSignal;
}

function valueArgs(spec: ReleaseSpec): string[] {
  return [
    ...spec.values.flatMap((file) => ['--values', file]),
    ...spec.set.flatMap((pair) => ['--set', pair]),
  ];
}

/** For what renders without a cluster; a distribution's suffix ("+k3s1") is not Helm's business. */
function versionArgs(spec: ReleaseSpec): string[] {
  return ['--kube-version', spec.kubeVersion.replace(/[+-].*/, '')];
}

function contextArgs(spec: { context?: string }): string[] {
  return spec.context === undefined ? [] : ['--kube-context', spec.context];
}

/** What a chart says of itself. */
export interface ChartFacts {
  name: string;
  version: string;
  appVersion: string;
}

/**
 * Reads a chart's Chart.yaml, out of a package too.
 *
 * @throws HoldfastError (badInput) with Helm's message when it can't be read
 */
export async function chartFacts(helm: Helm, spec: ReleaseSpec): Promise<ChartFacts> {
  const result = await helm.run(['show', 'chart', spec.chart], { signal: spec.signal });
  if (result.exitCode !== 0) {
    throw badInput(`the chart can't be read: ${helmMessage(result)}`, { object: spec.chart });
  }
  const chart = parse(result.stdout) as Record<string, unknown> | null;
  const field = (key: string) => {
    const value = chart?.[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return { name: field('name'), version: field('version'), appVersion: field('appVersion') };
}

/**
 * Renders a chart as an installation would, hooks and tests included.
 *
 * @returns the YAML documents
 * @throws HoldfastError (badInput) with Helm's message when the chart does not render
 */
export async function renderChart(helm: Helm, spec: ReleaseSpec): Promise<string> {
  const args = ['template', spec.release, spec.chart, '--namespace', spec.namespace];
  const result = await helm.run(
    [...args, '--include-crds', ...versionArgs(spec), ...valueArgs(spec)],
    {
      signal: spec.signal,
    },
  );
  if (result.exitCode === 0) return result.stdout;
  throw badInput(`the chart does not render with these values: ${helmMessage(result)}`, {
    object: spec.chart,
    hint: 'see the values that were given against the chart’s values.schema.json and README',
  });
}

/** Runs `helm lint --strict` with the same values. */
export async function lintChart(helm: Helm, spec: ReleaseSpec): Promise<RunResult> {
  return helm.run(['lint', spec.chart, '--strict', ...versionArgs(spec), ...valueArgs(spec)], {
    signal: spec.signal,
  });
}

/**
 * Installs the chart; never waits for its pods, which `--wait` does by rules of its own.
 *
 * @param limitMs the limit for hooks in milliseconds
 */
export async function installChart(
  helm: Helm,
  spec: ReleaseSpec,
  limitMs: number,
): Promise<RunResult> {
  return applyChart('install', helm, spec, limitMs);
}

/** Upgrades the release to the chart with exactly these values; as {@link installChart} else. */
export async function upgradeChart(
  helm: Helm,
  spec: ReleaseSpec,
  limitMs: number,
): Promise<RunResult> {
  return applyChart('upgrade', helm, spec, limitMs);
}

async function applyChart(
  action: 'install' | 'upgrade',
  helm: Helm,
  spec: ReleaseSpec,
  limitMs: number,
): Promise<RunResult> {
  const args = [action, spec.release, spec.chart, '--namespace', spec.namespace];
  const timeout = ['--timeout', `${Math.ceil(limitMs / 1000)}s`];
  // Without it an upgrade to no values at all would keep those of the release.
  const reset = action === 'upgrade' ? ['--reset-values'] : [];
  return helm.run([...args, ...timeout, ...reset, ...contextArgs(spec), ...valueArgs(spec)], {
    signal: spec.signal,
  });
}

/** Runs the chart's own tests; without their logs, which Helm can't read of a pod that is gone. */
export async function testRelease(
  helm: Helm,
  spec: ReleaseSpec,
  limitMs: number,
): Promise<RunResult> {
  const timeout = `${Math.ceil(limitMs / 1000)}s`;
  const args = ['test', spec.release, '--namespace', spec.namespace, '--timeout', timeout];
  return helm.run([...args, ...contextArgs(spec)], { signal: spec.signal });
}

/**
 * Uninstalls the release, for what it made outside its namespace; goes on after an abort.
 *
 * @throws HoldfastError (internal) with Helm's message when it fails or does not end within 60 s
 */
export async function uninstallRelease(helm: Helm, spec: ReleaseSpec): Promise<void> {
  const args = ['uninstall', spec.release, '--namespace', spec.namespace, '--ignore-not-found'];
  const result = await helm.run([...args, ...contextArgs(spec)], { timeoutMs: 60_000 });
  if (result.exitCode === 0) return;
  throw new HoldfastError({ kind: 'internal', message: helmMessage(result), object: spec.release });
}
