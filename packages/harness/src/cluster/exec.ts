import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

/** What a command in a node's container left; output is both streams, as they came. */
export interface NodeExecResult {
  exitCode: number;
  output: string;
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
  const output = new PassThrough();
  (container.modem as Docker['modem']).demuxStream(stream, output, output);
  stream.on('end', () => output.end());
  stream.on('close', () => output.end());
  stream.on('error', (error: Error) => output.destroy(error));
  if (input) input.pipe(stream);
  const seen = await text(output);
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, output: seen };
}
