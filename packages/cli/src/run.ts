import { exitCode, failuresOf } from '@holdfast/core';
import { flush, guardStreams } from './output.ts';
import { printError } from './print-error.ts';
import { runProgram } from './program.ts';
import { listenForStop, type Stop } from './signals.ts';

/** Whether errors are wanted as JSON too, also when the arguments themselves are wrong. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).includes('--json');
}

/** What failed beside the work that was told to stop: its clean-up. */
function failuresBeside(stop: Stop, error: unknown): unknown[] {
  return failuresOf(error).filter(
    (failure) =>
      failure !== stop.signal.reason &&
      !(failure instanceof Error && failure.name === 'AbortError'),
  );
}

async function runToExitCode(args: readonly string[], stop: Stop): Promise<number> {
  try {
    const code = await runProgram(args, stop);
    return stop.exitCode() ?? code;
  } catch (error) {
    const stopped = stop.exitCode();
    if (stopped === undefined) return printError(error, wantsJson(args));
    for (const failure of failuresBeside(stop, error)) printError(failure, false);
    return stopped;
  }
}

/**
 * Runs the command that the arguments name, to the last word of its output.
 *
 * @param args without the program's name
 * @returns what the process must exit with, whatever goes on: requests and timers of work that was
 *   aborted must not hold it
 */
export async function run(args: readonly string[]): Promise<number> {
  guardStreams();
  const code = await runToExitCode(args, listenForStop());
  const lost = await flush();
  if (lost === undefined) return code;
  printError(lost, false);
  return exitCode.environment;
}
