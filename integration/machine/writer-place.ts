import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere, poll } from '@holdfast/core';
import { root } from '../holdfast.ts';

/** A line of the writer's file. */
export interface Answer {
  kind: string;
  seq: number;
  /** Seconds of the machine's uptime. */
  at: number;
}

/** The folders of a writer, and what runs it. */
export interface WriterPlace {
  folder: string;
  env: Record<string, string>;
  /** Runs writer.sh, as the container's command does. */
  start(): Promise<void>;
  /** What it has written so far, every line checked. */
  answers(): Promise<Answer[]>;
  /** Waits for a file that fits; gives it. */
  untilAnswers(what: string, fits: (answers: readonly Answer[]) => boolean): Promise<Answer[]>;
  /** What it has printed. */
  output(): string;
  /** Asks it to stop writing, and waits until it has. */
  stop(): Promise<void>;
  /** Ends it as a container's runtime does: all of its processes, at once. */
  kill(): Promise<void>;
}

const script = join(root, 'packages', 'harness', 'src', 'ledger', 'writer.sh');
const limitMs = 30_000;

/**
 * Makes a place for a writer of one write program.
 *
 * @param folder does not exist yet
 * @param path the value of PATH, whose first folder has the shell
 * @param env the environment of the write program, and other settings of the writer
 */
export async function makeWriterPlace(
  folder: string,
  path: string,
  env: Record<string, string>,
): Promise<WriterPlace> {
  const ledger = join(folder, 'ledger');
  const tmp = join(folder, 'tmp');
  for (const name of [ledger, tmp]) await mkdir(name, { recursive: true });
  const all = { PATH: path, LEDGER_DIR: ledger, TMPDIR: tmp, RATE: '100', SALT: '7', ...env };
  let child: ChildProcess | undefined;
  let printed = '';
  const place: WriterPlace = {
    folder,
    env: all,
    async start() {
      const sh = join(path.split(':')[0] ?? '', 'sh');
      child = spawn(sh, [script], { env: all, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
      }
      await once(child, 'spawn');
    },
    async answers() {
      const file = join(ledger, 'answers');
      const text = (await isThere(file)) ? await readFile(file, 'utf8') : '';
      const lines = text.split('\n');
      // The last line is whole when the line end is there.
      lines.pop();
      return lines.map((line) => {
        const match = /^(ack|fail|unknown) (\d+) (\d+)$/.exec(line);
        if (!match) throw new Error(`not a line of the writer: ${line}`);
        return { kind: match[1] ?? '', seq: Number(match[2]), at: Number(match[3]) / 100 };
      });
    },
    async untilAnswers(what, fits) {
      return poll(
        async () => {
          const answers = await place.answers();
          if (fits(answers)) return { done: true, value: answers };
          const last = answers.slice(-3).map(({ kind, seq }) => `${kind} ${seq}`);
          return { done: false, saw: `${last.join(', ') || 'nothing'}; ${printed}` };
        },
        { what, limitMs, everyMs: 20 },
      );
    },
    output: () => printed,
    async stop() {
      await writeFile(join(ledger, 'stop'), '');
      const what = 'the writer to stop';
      await poll(
        async () =>
          (await isThere(join(ledger, 'stopped')))
            ? { done: true, value: undefined }
            : { done: false, saw: printed },
        { what, limitMs, everyMs: 20 },
      );
    },
    async kill() {
      if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, 'close');
      // Its group, which the processes of the write program are in as well.
      process.kill(-child.pid, 'SIGKILL');
      await closed;
      child = undefined;
    },
  };
  return place;
}

/** The value under a number, by arithmetic of its own. */
export function expectedValue(seq: number, salt: number): string {
  return String((BigInt(seq) * 2_654_435_761n + BigInt(salt)) % 2n ** 32n);
}

/** What holds for every file of a writer: the numbers are counted up, and times never run backwards. */
export function disorder(answers: readonly Answer[]): string | undefined {
  const wrong = answers.findIndex(
    ({ seq, at }, index) => seq !== index + 1 || at < (answers[index - 1]?.at ?? 0),
  );
  return wrong === -1 ? undefined : `line ${wrong + 1}: ${JSON.stringify(answers[wrong])}`;
}

/** The longest time between two acknowledgements, in seconds. */
export function longestSilence(answers: readonly Answer[]): number {
  const acks = answers.filter(({ kind }) => kind === 'ack');
  return Math.max(...acks.slice(1).map(({ at }, index) => at - (acks[index]?.at ?? 0)));
}
