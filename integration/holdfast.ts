import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Testbed } from './testbed/prepare.ts';

/** The repository's root. */
export const root = join(import.meta.dirname, '..');

/** The `holdfast` command, from its sources. */
export const holdfastMain = join(root, 'packages', 'cli', 'src', 'main.ts');

/**
 * Runs `holdfast ARGS` from the sources in the foreground. A signal to this process group reaches
 * it as well, and it is always waited for.
 *
 * @returns its exit code
 */
export async function holdfast(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [holdfastMain, ...args], { stdio: 'inherit', cwd: root });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** The options of `holdfast verify` that put an example onto the test bed's images. */
export function testbedOptions(testbed: Testbed, application: string): string[] {
  const values = join(root, 'integration', 'testbed', 'values', `${application}.yaml`);
  return [
    `--k3s-image=${testbed.node}`,
    `--client-image=${testbed.client}`,
    ...(testbed.upstream || !existsSync(values) ? [] : [`--values=${values}`]),
  ];
}
