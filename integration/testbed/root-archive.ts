import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, runToSuccess } from '@holdfast/core';

/** Empties what an image does not need, and what mmdebstrap copied from this machine. */
const tidy = [
  'cd "$1"',
  'rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/info var/cache/apt',
  'rm -f etc/resolv.conf etc/hostname',
  'mkdir -p -m 1777 tmp',
].join(' && ');

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/**
 * Makes a root file system from the files of Debian packages, without running the packages' scripts.
 *
 * @param setup a script that finishes the root, called with its path
 * @returns the path of the archive in the cache
 * @throws HoldfastError with mmdebstrap's last lines when a package can't be had
 */
export async function makeRoot(
  key: string,
  suite: string,
  packages: readonly string[],
  setup: string,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(cacheDir(), 'roots');
  await mkdir(folder, { recursive: true });
  const archive = join(folder, `${key}.tar`);
  if (await exists(archive)) return archive;
  const unfinished = join(folder, `${key}.${process.pid}.unfinished.tar`);
  const hooks = [tidy, ...((await exists(setup)) ? [`${setup} "$1"`] : [])];
  await runToSuccess(
    'mmdebstrap',
    [
      '--variant=extract',
      '--quiet',
      `--include=${['base-files', ...packages].join(',')}`,
      ...hooks.map((hook) => `--extract-hook=${hook}`),
      suite,
      unfinished,
    ],
    { signal, installHint: 'apt-get install mmdebstrap, or let the test bed do it with --yes' },
  );
  await rename(unfinished, archive);
  return archive;
}
