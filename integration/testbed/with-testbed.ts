import { HoldfastError } from '@holdfast/core';
import { ensureEngine } from './engine.ts';
import { prepareTestbed, type Testbed } from './prepare.ts';

/** Whether packages may be installed and an engine be started: in CI, or where the user said so. */
export function mayInstall(args: readonly string[]): boolean {
  return args.includes('--yes') || (process.env['CI'] ?? '') !== '';
}

function say(line: string): void {
  process.stderr.write(`testbed: ${line}\n`);
}

/**
 * Runs work with a Docker engine and the images of the test bed at hand, and stops the engine after
 * it, if it was started for it. The first signal aborts, and the clean-up is waited for.
 *
 * @param work is given the images, and a signal that it must obey
 * @returns the exit code: the work's own, 130 when interrupted, 3 when the machine lacks something
 */
export async function withTestbed(
  args: readonly string[],
  work: (testbed: Testbed, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const abort = new AbortController();
  const { signal } = abort;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      abort.abort(new Error(`interrupted by ${name}`));
    });
  }
  try {
    const options = { mayInstall: mayInstall(args), say, signal };
    await using engine = await ensureEngine(options);
    const testbed = await prepareTestbed({ ...options, docker: engine.docker });
    return await work(testbed, signal);
  } catch (error) {
    if (signal.aborted) return 130;
    if (!(error instanceof HoldfastError)) throw error;
    const lines = [
      error.message,
      error.object && `  at: ${error.object}`,
      error.hint && `  hint: ${error.hint}`,
    ];
    process.stderr.write(`error: ${lines.filter(Boolean).join('\n')}\n`);
    return error.kind === 'badInput' ? 2 : 3;
  }
}
