import { HoldfastError, messageOf, poll, type Probe } from '@holdfast/core';
import type { Container } from '../kube/exec-stream.ts';
import { lineSplitter } from './lines.ts';
import { parseEntry } from './protocol.ts';
import type { Tally } from './tally.ts';

/** How a ledger is read back. */
export interface ReadBack {
  container: Container;
  /** Prints what is there from a number on. */
  command: (from: number) => string[];
  tally: Tally;
  /** How many writes may be made that the tally does not know yet; asked when all is read. */
  underWay: () => Promise<number>;
  /** How long it is tried, in milliseconds; a minute where it is absent. */
  limitMs?: number | undefined;
}

/** A read program that prints nothing for so long is given up. */
const idleMs = 60_000;
/** How long it is tried again, in milliseconds. */
const defaultLimitMs = 60_000;

async function readOnce(parts: ReadBack, from: number): Promise<string | undefined> {
  const { container, command, tally } = parts;
  let wrong: string | undefined;
  const lines = lineSplitter((line) => {
    const entry = parseEntry(line);
    if (!entry) wrong ??= line;
    else if (entry.seq >= from || entry.seq < 1) tally.read(entry.seq, entry.value);
  });
  tally.beginRead(from);
  const end = await container.run(command(from), {
    onOutput: lines.add,
    connectMs: 10_000,
    idleMs,
  });
  if (end.exitCode === 0) lines.end();
  if (end.exitCode !== 0) {
    return `the read program exited with ${end.exitCode ?? 'no code'}: ${end.stderr.trim()}`;
  }
  if (wrong !== undefined) return `the read program printed ${JSON.stringify(wrong)}`;
  tally.endRead(await parts.underWay());
  return undefined;
}

/**
 * Reads back what was written, from a number on, as it comes; tries again for a while where it can't be
 * read to its end.
 *
 * @throws PollTimeout past the limit, with what went wrong
 */
export async function readBack(parts: ReadBack, from: number): Promise<void> {
  const probe = async (): Promise<Probe<undefined>> => {
    try {
      const saw = await readOnce(parts, from);
      return saw === undefined ? { done: true, value: undefined } : { done: false, saw };
    } catch (error) {
      parts.container.signal.throwIfAborted();
      if (!(error instanceof HoldfastError)) throw error;
      return { done: false, saw: messageOf(error) };
    }
  };
  const what = 'the writes to be read back';
  const { limitMs = defaultLimitMs } = parts;
  await poll(probe, { what, limitMs, everyMs: 1_000, signal: parts.container.signal });
}

/** As {@link readBack}, but says what went wrong instead of throwing it; undefined where nothing did. */
export async function tryReadBack(parts: ReadBack, from: number): Promise<string | undefined> {
  try {
    await readBack(parts, from);
    return undefined;
  } catch (error) {
    parts.container.signal.throwIfAborted();
    if (!(error instanceof HoldfastError)) throw error;
    return messageOf(error);
  }
}
