import { once } from 'node:events';
import { type Readable, Writable } from 'node:stream';
import type Docker from 'dockerode';

/** What a command in a node's container left. */
export interface NodeExecResult {
  exitCode: number;
  /** Both streams, as they came. */
  output: string;
  /** Standard output alone. */
  stdout: string;
}

/** A stream that adds what it gets to lists. */
function into(...lists: Buffer[][]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const list of lists) list.push(chunk);
      done();
    },
  });
}

/**
 * Runs a command in a node's container, with a stream as its standard input where one is given.
 *
 * @throws whatever the engine says when the container is not running
 */
export async function execInContainer(
  container: Docker.Container,
  command: readonly string[],
  input?: Readable,
): Promise<NodeExecResult> {
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdin: input !== undefined,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: input !== undefined, stdin: input !== undefined });
  const stdout: Buffer[] = [];
  const both: Buffer[] = [];
  (container.modem as Docker['modem']).demuxStream(stream, into(stdout, both), into(both));
  // An error of the stream rejects; its close without one ends it as well.
  const ended = Promise.race([once(stream, 'end'), once(stream, 'close')]);
  if (input) input.pipe(stream);
  await ended;
  const { ExitCode } = await exec.inspect();
  return {
    exitCode: ExitCode ?? -1,
    output: Buffer.concat(both).toString(),
    stdout: Buffer.concat(stdout).toString(),
  };
}
