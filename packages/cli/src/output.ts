/** The only module that writes to standard output and standard error. */

/** Why results could not be written; a reader that went away (`| head`) is none. */
let lost: Error | undefined;

/** Whoever reads may go away at any time: that must not end the process before it has cleaned up. */
export function guardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') lost ??= error;
  });
  process.stderr.on('error', () => {});
}

/** Writes a result and a line's end to standard output. */
export function printResult(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes data as JSON to standard output. */
export function printJson(data: unknown): void {
  printResult(JSON.stringify(data, null, 2));
}

/** Writes what is no result (progress, an error) and a line's end to standard error. */
export function printNotice(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function drained(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => {
      resolve();
    });
  });
}

/**
 * Waits until all that was written has left the process.
 *
 * @returns why results were lost (a full disk behind standard output), or undefined
 */
export async function flush(): Promise<Error | undefined> {
  await drained(process.stdout);
  await drained(process.stderr);
  return lost;
}
