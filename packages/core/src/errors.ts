/**
 * What the process exits with: the contract of every command. A command that a signal stopped exits
 * with 128 and the signal's number (130 for Ctrl-C, 143 for SIGTERM), after it has cleaned up.
 */
export const exitCode = {
  /** All is well. */
  ok: 0,
  /** The work was done and found something wrong. */
  findings: 1,
  /** The input (argument, definition, chart, values) is bad. */
  badInput: 2,
  /**
   * There is no verdict, and the input is not to blame: the environment lacks something (an engine,
   * a privilege, disk space, an image). Errors of kind `internal` exit with it as well: a step that
   * failed or ran into its limit says nothing about the chart either, and 1, which Node takes for an
   * uncaught exception, would read as a rejection. The message tells the two apart.
   */
  environment: 3,
} as const;

export type ErrorKind = 'badInput' | 'environment' | 'internal';

/** What a {@link HoldfastError} is made of. */
export interface ErrorDetails {
  /** Who can mend it: the author of the input, the owner of the machine, or we. */
  kind: ErrorKind;
  /** What failed, as one sentence without a full stop. */
  message: string;
  /** The object it failed on: a file with line, a pod, an image, an address. */
  object?: string;
  /** What to do about it. */
  hint?: string;
  cause?: unknown;
}

/** The one error type: what failed, on which object, and what to do about it. */
export class HoldfastError extends Error {
  readonly kind: ErrorKind;
  readonly object: string | undefined;
  readonly hint: string | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, { cause: details.cause });
    this.name = 'HoldfastError';
    this.kind = details.kind;
    this.object = details.object;
    this.hint = details.hint;
  }
}

/** An error in what the user gave. */
export function badInput(
  message: string,
  details: Omit<ErrorDetails, 'kind' | 'message'> = {},
): HoldfastError {
  return new HoldfastError({ ...details, kind: 'badInput', message });
}

/** An error in what the machine offers. */
export function environmentError(
  message: string,
  details: Omit<ErrorDetails, 'kind' | 'message'> = {},
): HoldfastError {
  return new HoldfastError({ ...details, kind: 'environment', message });
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
