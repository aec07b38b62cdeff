import { PassThrough } from 'node:stream';
import Docker from 'dockerode';

/** Output as the engine sends it: stream 1 is standard output, 2 standard error. */
export function frame(stream: 1 | 2, content: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(Buffer.byteLength(content), 4);
  return Buffer.concat([header, Buffer.from(content)]);
}

/** A container's `exec` whose command sends a stream and exits. */
export function execAnswer(stream: PassThrough, exitCode: number | null) {
  return () =>
    Promise.resolve({
      start: () => Promise.resolve(stream),
      inspect: () => Promise.resolve({ ExitCode: exitCode }),
    });
}

/** What the engine throws: an HTTP status and its words. */
export function engineError(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}

/** A container of a test, and what it was asked for: "NAME stop", "NAME exec SCRIPT". */
export interface FakeContainer {
  container: Docker.Container;
  /** What a command in it leaves. */
  leaves: { exitCode: number; stdout: string; stderr: string };
  /** What the engine throws at the next stop, start or exec. */
  fails: Partial<Record<'stop' | 'start' | 'exec', Error>>;
  running: boolean;
  /** Whether it ends as soon as it is started. */
  endsAtStart: boolean;
  /** The end of its output. */
  output: string;
  startedAt: string;
}

/**
 * @param asked takes what is asked of it, at once when it is asked
 * @param stopped what a stop waits for
 */
export function fakeContainer(
  name: string,
  asked: string[],
  stopped: () => Promise<void> = () => Promise.resolve(),
): FakeContainer {
  const fake: Omit<FakeContainer, 'container'> = {
    leaves: { exitCode: 0, stdout: '', stderr: '' },
    fails: {},
    running: true,
    endsAtStart: false,
    output: '',
    startedAt: '2030-01-01T00:00:00.5Z',
  };
  const fail = (what: 'stop' | 'start' | 'exec') => {
    const error = fake.fails[what];
    if (error) throw error;
  };
  const container = {
    modem: new Docker().modem,
    async stop() {
      asked.push(`${name} stop`);
      fail('stop');
      await stopped();
      fake.running = false;
      asked.push(`${name} stopped`);
    },
    start() {
      asked.push(`${name} start`);
      return Promise.resolve().then(() => {
        fail('start');
        fake.running = !fake.endsAtStart;
      });
    },
    inspect: () => {
      const { running, startedAt } = fake;
      const State = { Running: running, StartedAt: startedAt, ExitCode: running ? 0 : 1 };
      return Promise.resolve({ Name: `/${name}`, State });
    },
    logs: () => Promise.resolve(frame(1, fake.output)),
    exec({ Cmd }: { Cmd: string[] }) {
      asked.push(`${name} exec ${Cmd.join(' ')}`);
      return Promise.resolve().then(() => {
        fail('exec');
        const stream = new PassThrough();
        const { stdout, stderr, exitCode } = fake.leaves;
        stream.end(Buffer.concat([frame(1, stdout), frame(2, stderr)]));
        return execAnswer(stream, exitCode)();
      });
    },
  } as unknown as Docker.Container;
  return Object.assign(fake, { container });
}
