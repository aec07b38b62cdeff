import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setsFor, type Testbed } from './testbed/prepare.ts';

/** The repository's root. */
export const root = join(import.meta.dirname, '..');

/** The `holdfast` command, from its sources. */
export const holdfastMain = join(root, 'packages', 'cli', 'src', 'main.ts');

/**
 * Runs `holdfast ARGS` from the sources in the foreground, and waits for its end, also when it is told
 * to stop.
 *
 * @returns its exit code
 */
export async function holdfast(args: readonly string[], signal: AbortSignal): Promise<number> {
  const child = spawn(process.execPath, [holdfastMain, ...args], { stdio: 'inherit', cwd: root });
  return untilExit(child, signal);
}

/** A child that does not stop within this time is killed. */
const stopLimitMs = 120_000;

/**
 * Waits for a child's end, and passes an abort on to it: Ctrl-C reaches it by itself, a signal to this
 * process alone does not.
 *
 * @returns its exit code; 1 when a signal ended it
 */
export async function untilExit(child: ChildProcess, signal: AbortSignal): Promise<number> {
  let last: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    last = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  signal.removeEventListener('abort', stop);
  clearTimeout(last);
  return code ?? 1;
}

/** The options of `holdfast verify` that put an example onto the test bed's images. */
export function testbedOptions(testbed: Testbed, chart: string): string[] {
  return [
    `--k3s-image=${testbed.node}`,
    `--client-image=${testbed.client}`,
    ...setsFor(testbed, chart).map((pair) => `--set=${pair}`),
  ];
}
