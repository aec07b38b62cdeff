import { environmentError, HoldfastError } from './errors.ts';

export interface RunOptions {
  cwd?: string;
  /** Added to this process' environment. */
  env?: Record<string, string>;
  /** Text for standard input; without it standard input is empty. */
  input?: string;
  /** The limit in milliseconds. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Called with each line of output, of both streams, as it comes. */
  onLine?: (line: string) => void;
  /** What to do when the program is not installed. */
  installHint?: string;
}

/** What a finished program left. */
export interface RunResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program with an argument vector, never through a shell, and waits for its end.
 *
 * @returns its exit code and output, also when it failed
 * @throws HoldfastError (environment) when the program is not installed; HoldfastError (internal)
 *   past the time limit; the signal's reason when it is aborted
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  // Only when it is needed: loading it takes longer than most of what does without.
  const { execa } = await import('execa');
  const child = execa(program, args, {
    reject: false,
    all: true,
    input: options.input ?? '',
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (options.onLine) {
    for await (const line of child.iterable({ from: 'all' })) options.onLine(line);
  }
  const result = await child;
  options.signal?.throwIfAborted();
  if (result.timedOut) {
    throw new HoldfastError({
      kind: 'internal',
      message: `${program} did not end within ${(options.timeoutMs ?? 0) / 1000} s`,
      object: [program, ...args].join(' '),
    });
  }
  if (result.exitCode === undefined) {
    throw environmentError(
      `${program} could not be run: ${result.originalMessage ?? result.code}`,
      {
        hint: options.installHint ?? `install ${program} and see that it is on the PATH`,
        cause: result,
      },
    );
  }
  return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/**
 * As {@link run}, for programs that must succeed.
 *
 * @returns what it wrote to standard output
 * @throws HoldfastError (internal) with the last lines of its output when it exits otherwise than 0
 */
export async function runToSuccess(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const result = await run(program, args, options);
  if (result.exitCode === 0) return result.stdout;
  const output = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-15).join('\n');
  throw new HoldfastError({
    kind: 'internal',
    message: `${program} exited with ${result.exitCode}: ${output}`,
    object: [program, ...args].join(' '),
  });
}
