import { HoldfastError } from '@holdfast/core';

/** An answer of the API server that is not a success, in the API server's own words. */
export class ApiFailure extends HoldfastError {
  /** The HTTP status, as in 404. */
  readonly status: number;
  /** The machine-readable reason of the Status object, as in "AlreadyExists". */
  readonly reason: string;

  constructor(status: number, reason: string, message: string, request: string) {
    super({
      kind: 'internal',
      message: `the API server answered ${status}: ${message}`,
      object: request,
    });
    this.name = 'ApiFailure';
    this.status = status;
    this.reason = reason;
  }
}

/** Whether something thrown is the API server's "no such object". */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiFailure && error.status === 404;
}

/**
 * Whether something thrown says that an object is gone: there is none of its name, or another one, where
 * a UID was asked for.
 */
export function isGone(error: unknown): boolean {
  if (isNotFound(error)) return true;
  return (
    error instanceof ApiFailure &&
    error.reason === 'Conflict' &&
    error.message.includes('UID in the precondition')
  );
}

/** The failure that a Status body describes; any other body is quoted. */
export function failureOf(status: number, body: string, request: string): ApiFailure {
  try {
    const parsed = JSON.parse(body) as { reason?: unknown; message?: unknown } | null;
    if (typeof parsed?.message === 'string') {
      const reason = typeof parsed.reason === 'string' ? parsed.reason : '';
      return new ApiFailure(status, reason, parsed.message, request);
    }
  } catch {
    // Not JSON: a proxy or the server's plain text answered; quoted below.
  }
  return new ApiFailure(status, '', body.trim().slice(0, 300) || 'no message', request);
}
