import { badInput, environmentError, exitCode, HoldfastError, messageOf } from './errors.ts';

const lacking: Record<string, string> = {
  EACCES: 'give this user the permission, or name another place',
  EPERM: 'give this user the permission, or name another place',
  EROFS: 'name a place that can be written to',
  ENOSPC: 'make room on that disk, or name another place',
  EDQUOT: 'make room within the quota, or name another place',
  EMFILE: 'raise the limit of open files (ulimit -n)',
};
const wrongPath = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG']);

function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** An error of a file system call in the words of a {@link HoldfastError}. */
function fromErrno(error: NodeJS.ErrnoException): HoldfastError | undefined {
  const { code = '', path } = error;
  const details = { cause: error, ...(path === undefined ? {} : { object: path }) };
  const hint = lacking[code];
  if (hint !== undefined) return environmentError(error.message, { ...details, hint });
  if (path !== undefined && wrongPath.has(code)) return badInput(error.message, details);
  return undefined;
}

/** Whatever was thrown as a {@link HoldfastError}; what nobody foresaw is a defect and says so. */
export function asHoldfastError(error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const known = isErrno(error) ? fromErrno(error) : undefined;
  return (
    known ??
    new HoldfastError({
      kind: 'internal',
      message: messageOf(error) || 'an error without a message',
      hint: 'this is a defect of Holdfast: please report it, with the stack that HOLDFAST_DEBUG=1 shows',
      cause: error,
    })
  );
}

interface Suppressed {
  error: unknown;
  suppressed: unknown;
}

function isSuppressed(error: unknown): error is Error & Suppressed {
  return error instanceof Error && error.name === 'SuppressedError';
}

/** What failed, in order: the work itself, then the clean-up after it. */
export function failuresOf(error: unknown): unknown[] {
  if (!isSuppressed(error)) return [error];
  return [...failuresOf(error.suppressed), ...failuresOf(error.error)];
}

/** An error for people: what failed, where, and what to do about it, a line each. */
export function errorLines(error: HoldfastError): string[] {
  return [
    `error: ${error.message}`,
    ...(error.object === undefined ? [] : [`  at: ${error.object}`]),
    ...(error.hint === undefined ? [] : [`  hint: ${error.hint}`]),
  ];
}

/** What a process exits with for an error: see {@link exitCode}. */
export function exitCodeOf(error: HoldfastError): number {
  return error.kind === 'badInput' ? exitCode.badInput : exitCode.environment;
}
