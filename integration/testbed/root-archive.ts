import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, isThere, runToSuccess } from '@holdfast/core';

/** Empties what an image does not need, and what mmdebstrap copied from this machine. */
const tidy = [
  'cd "$1"',
  'rm -rf usr/share/doc usr/share/man usr/share/locale usr/share/info var/cache/apt',
  'rm -f etc/resolv.conf etc/hostname',
  'mkdir -p -m 1777 tmp',
].join(' && ');

/**
 * Makes a root file system from the files of Debian packages, without running the packages' scripts.
 *
 * @param setup a script that finishes the root, called with its path
 * @param work a folder for what is unfinished; the caller removes it
 * @returns the path of the archive in the cache
 * @throws HoldfastError with mmdebstrap's last lines when a package can't be had
 */
export async function makeRoot(
  name: string,
  key: string,
  suite: string,
  packages: readonly string[],
  setup: string,
  work: string,
  signal: AbortSignal,
): Promise<string> {
  const folder = join(cacheDir(), 'roots');
  await mkdir(folder, { recursive: true });
  const archive = join(folder, `${name}-${key}.tar`);
  if (await isThere(archive)) return archive;
  const unfinished = join(work, 'root.tar');
  const hooks = [tidy, ...((await isThere(setup)) ? [`${setup} "$1"`] : [])];
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
    {
      signal,
      // Without root, mmdebstrap wants a folder that everybody may enter.
      ...(process.getuid?.() === 0 ? { env: { TMPDIR: work } } : {}),
      installHint: 'apt-get install mmdebstrap, or let the test bed do it with --yes',
    },
  );
  for (const former of await readdir(folder)) {
    if (former.startsWith(`${name}-`)) await rm(join(folder, former));
  }
  // The cache may lie on another disk than the folder for temporary files.
  await copyFile(unfinished, `${archive}.${process.pid}`);
  await rename(`${archive}.${process.pid}`, archive);
  return archive;
}
