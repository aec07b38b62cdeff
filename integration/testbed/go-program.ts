import { access, mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cacheDir, runToSuccess, type RunOptions } from '@holdfast/core';
import { hashFolders, testbedDir } from './recipes.ts';

const installHint = 'install Go 1.25 or newer';

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
  const bin = join(cacheDir(), 'bin');
  await mkdir(bin, { recursive: true });
  const program = basename(name);
  const source = join(testbedDir, 'kubernetes');
  const suffix = name === 'kubernetes' ? `-${await hashFolders([source])}` : '';
  const target = join(bin, `${program}-${version}${suffix}`);
  const there = await access(target).then(
    () => true,
    () => false,
  );
  if (there) return target;
  const options: RunOptions = { signal, installHint, env: { CGO_ENABLED: '0', GOBIN: bin } };
  const stripped = ['-trimpath', '-buildvcs=false', '-ldflags'];
  if (name === 'kubernetes') {
    const unfinished = `${target}.${process.pid}.unfinished`;
    const flags = `-s -w ${versionFlags(version)}`;
    await runToSuccess('go', ['build', ...stripped, flags, '-o', unfinished, '.'], {
      ...options,
      cwd: source,
    });
    await rename(unfinished, target);
  } else {
    await runToSuccess('go', ['install', ...stripped, '-s -w', `${name}@${version}`], {
      ...options,
      cwd: '/',
    });
    await rename(join(bin, program), target);
  }
  return target;
}
