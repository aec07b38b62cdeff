import { inspect, styleText } from 'node:util';
import {
  asHoldfastError,
  errorLines,
  exitCode,
  exitCodeOf,
  failuresOf,
  type HoldfastError,
} from '@holdfast/core';
import { printJson, printNotice } from './output.ts';

/** The stack and the chain of causes, where they are asked for. */
function debugLines(error: HoldfastError): string[] {
  if ((process.env['HOLDFAST_DEBUG'] ?? '') === '') return [];
  return [inspect(error, { depth: 4 })];
}

function linesOf(error: HoldfastError): string[] {
  const [first = '', ...others] = errorLines(error);
  const red = styleText('red', 'error:', { stream: process.stderr });
  return [first.replace('error:', red), ...others, ...debugLines(error)];
}

/**
 * Prints an error for people on standard error and, where asked for, as JSON on standard output.
 *
 * @returns what the process exits with
 */
export function printError(thrown: unknown, json: boolean): number {
  const errors = failuresOf(thrown).map(asHoldfastError);
  for (const error of errors) printNotice(linesOf(error).join('\n'));
  const [first] = errors;
  if (first === undefined) return exitCode.environment;
  const { message, object, hint } = first;
  if (json) printJson({ error: { message, object, hint } });
  return exitCodeOf(first);
}
