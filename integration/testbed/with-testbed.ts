import { asHoldfastError, errorLines, exitCode, exitCodeOf, failuresOf } from '@holdfast/core';
import { assertDiskSpace, startSession } from '@holdfast/harness';
import { type Engine, type EngineOptions, ensureEngine, installBuildTools } from './engine.ts';
import { prepareTestbed, type Testbed } from './prepare.ts';

/** Whether packages may be installed and an engine be started: in CI, or where the user said so. */
export function mayInstall(args: readonly string[]): boolean {
  return args.includes('--yes') || (process.env['CI'] ?? '') !== '';
}

function say(line: string): void {
  process.stderr.write(`testbed: ${line}\n`);
}

/** The images, built in a session of their own: what a build leaves ends with it. */
async function images({ docker }: Engine, options: EngineOptions): Promise<Testbed> {
  await assertDiskSpace(docker);
  await using session = await startSession();
  const { folder } = session;
  const install = () => installBuildTools(options);
  const testbed = await prepareTestbed({ ...options, docker, folder, install });
  session.settled();
  return testbed;
}

/** What the first signal to this process aborts, so that the clean-up can be waited for. */
export function stopOnSignals(): AbortController {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      stop.abort(new Error(`interrupted by ${name}`));
    });
  }
  return stop;
}

/**
 * Runs work with a Docker engine and the images of the test bed at hand, and stops the engine after
 * it, if it was started for it.
 *
 * @param signal what the work obeys too
 * @returns the exit code: the work's own, 130 when aborted, 3 when the machine lacks something
 */
export async function withTestbed(
  args: readonly string[],
  signal: AbortSignal,
  work: (testbed: Testbed) => Promise<number>,
): Promise<number> {
  try {
    const options = { mayInstall: mayInstall(args), say, signal };
    await using engine = await ensureEngine(options);
    const testbed = await images(engine, options);
    return await work(testbed);
  } catch (error) {
    if (signal.aborted) return 130;
    const failures = failuresOf(error).map(asHoldfastError);
    for (const failure of failures) process.stderr.write(`${errorLines(failure).join('\n')}\n`);
    return failures[0] ? exitCodeOf(failures[0]) : exitCode.environment;
  }
}
