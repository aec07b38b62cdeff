import { badInput, type Helm, helmMessage } from '@holdfast/core';
import { defaultNodeImage } from '@holdfast/harness';
import { assertName } from '../options.ts';
import type { VerifyOptions } from './verify-options.ts';

/** Where a chart is installed. */
export interface ReleaseName {
  release: string;
  namespace: string;
}

/**
 * Names the release, and the namespace that is made for it, after the chart where the user did not.
 *
 * @throws HoldfastError (badInput) with Helm's words when the chart can't be read
 */
export async function nameRelease(
  chart: string,
  options: VerifyOptions,
  helm: Helm,
  signal: AbortSignal,
): Promise<ReleaseName> {
  const shown = await helm.run(['show', 'chart', chart], { signal });
  if (shown.exitCode !== 0) {
    throw badInput(`the chart can not be read: ${helmMessage(shown)}`, { object: chart });
  }
  const name = /^name: *["']?([^"'\s]+)/m.exec(shown.stdout)?.[1] ?? '';
  const release = options.release ?? name;
  const namespace = options.namespace ?? `holdfast-${name}`;
  assertName('--release', release, 53);
  assertName('--namespace', namespace, 63);
  return { release, namespace };
}

/** The version of Kubernetes that a tag of k3s' image names; other tags may name none. */
function kubeVersionArgs(image: string): string[] {
  const version = /:v?(\d+\.\d+\.\d+)/.exec(image)?.[1];
  return version === undefined ? [] : ['--kube-version', version];
}

/**
 * Renders the chart once, so that values which it refuses are told before a cluster is started.
 *
 * @throws HoldfastError (badInput) with Helm's words when it does not render
 */
export async function assertRenders(
  chart: string,
  options: VerifyOptions,
  { release, namespace }: ReleaseName,
  helm: Helm,
  signal: AbortSignal,
): Promise<void> {
  const given = [
    ...(options.values ?? []).flatMap((file) => ['--values', file]),
    ...(options.set ?? []).flatMap((pair) => ['--set', pair]),
    ...kubeVersionArgs(options.k3sImage ?? defaultNodeImage),
  ];
  const args = ['template', release, chart, '--namespace', namespace, ...given];
  const result = await helm.run(args, { signal });
  if (result.exitCode === 0) return;
  throw badInput(`the chart does not render with these values: ${helmMessage(result)}`, {
    object: chart,
    hint: 'see the values that were given against the values.schema.json of the chart',
  });
}
