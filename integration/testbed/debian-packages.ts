import { runToSuccess } from '@holdfast/core';

/** Installs Debian's packages, as root, and nothing that they only recommend. */
export async function installPackages(
  packages: readonly string[],
  options: { signal?: AbortSignal } = {},
): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-q', '-y', '--no-install-recommends', ...packages];
  await runToSuccess('apt-get', ['update', '-q'], { env, ...options });
  await runToSuccess('apt-get', install, { env, ...options });
}
