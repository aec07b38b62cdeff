import { assertChart } from '@holdfast/core';
import type { CredentialFile } from '@holdfast/harness';
import { assertName } from '../options.ts';
import { assertReadable, assertWritableFile, assertWritableFolder } from '../paths.ts';

/** What `holdfast verify` was told. */
export interface VerifyOptions {
  values?: string[];
  set?: string[];
  driver?: string;
  driverService?: string;
  driverPort?: number;
  driverSecret?: CredentialFile[];
  nodes: number;
  rounds: number;
  disrupt?: string[];
  mixed?: number;
  seed?: number;
  only?: string[];
  images?: string;
  k3sImage?: string;
  clientImage: string;
  apiPort?: number;
  kubeconfig?: string;
  context?: string;
  release?: string;
  namespace?: string;
  report?: string;
  json?: true;
  junit?: string;
}

/**
 * Checks all that can be checked in an instant, before anything is started.
 *
 * @throws HoldfastError (badInput) for the first thing that is wrong
 */
export async function assertVerifyInput(chart: string, options: VerifyOptions): Promise<void> {
  await assertChart(chart);
  for (const file of options.values ?? []) await assertReadable('--values', file, 'file');
  if (options.driver !== undefined) await assertReadable('--driver', options.driver, 'folder');
  if (options.images !== undefined) await assertReadable('--images', options.images, 'folder');
  if (options.kubeconfig !== undefined) {
    await assertReadable('--kubeconfig', options.kubeconfig, 'file');
  }
  if (options.release !== undefined) assertName('--release', options.release, 53);
  if (options.namespace !== undefined) assertName('--namespace', options.namespace, 63);
  if (options.report !== undefined) await assertWritableFolder('--report', options.report);
  if (options.junit !== undefined) await assertWritableFile('--junit', options.junit);
}
