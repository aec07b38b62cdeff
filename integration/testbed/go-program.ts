import { basename, join } from 'node:path';
import { cacheDir, goBuild, isThere } from '@holdfast/core';
import { hashFolders, testbedDir } from './recipes.ts';

/** Puts Kubernetes' version where its programs print it from. */
function versionFlags(version: string): string {
  const [major = '', minor = ''] = version.replace(/^v/, '').split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((path) => Object.entries(values).map(([key, value]) => `-X ${path}.${key}=${value}`))
    .join(' ');
}

/**
 * Builds a program from its Go module into the cache, once for each version.
 *
 * @param name "kubernetes" for the one in ./kubernetes, otherwise the path of a main package
 * @returns the program's path
 */
export async function buildGoProgram(
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<string> {
  const ours = name === 'kubernetes';
  const program = basename(name);
  const source = join(testbedDir, 'kubernetes');
  const suffix = ours ? `-${await hashFolders([source])}` : '';
  const target = join(cacheDir(), 'bin', `${program}-${version}${suffix}`);
  if (await isThere(target)) return target;
  await goBuild({
    args: ours ? ['build', '.'] : ['install', `${name}@${version}`],
    cwd: ours ? source : '/',
    program,
    flags: ours ? `-s -w ${versionFlags(version)}` : '-s -w',
    target,
    installHint: 'install Go 1.25 or newer',
    signal,
  });
  return target;
}
