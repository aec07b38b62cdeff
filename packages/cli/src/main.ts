#!/usr/bin/env node
import { exitCode } from '@holdfast/core';
import { failuresOf } from '@holdfast/core';
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

guardStreams();
const args = process.argv.slice(2);
const code = await runToExitCode(args, listenForStop());
const lost = await flush();
// Requests and timers of work that was aborted must not hold the process.
if (lost !== undefined) printError(lost, false);
process.exit(lost === undefined ? code : exitCode.environment);
