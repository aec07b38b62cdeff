import { installPackages } from '../testbed/debian-packages.ts';
import { mayInstall } from '../testbed/with-testbed.ts';

/**
 * Sees that what tests need is on this machine: installs it where it is missing and may be installed.
 *
 * @param packages Debian's, that have it
 * @returns whether it is there; tests are skipped where it is not
 */
export async function provide(
  isThere: () => Promise<boolean>,
  packages: readonly string[],
): Promise<boolean> {
  if (await isThere()) return true;
  if (!mayInstall([]) || process.getuid?.() !== 0) return false;
  await installPackages(packages);
  return true;
}
