import { HoldfastError, messageOf, poll, type Probe } from '@holdfast/core';
import type { Container } from '../kube/exec-stream.ts';
import { lineSplitter } from './lines.ts';
import { parseEntry } from './protocol.ts';
import type { Tally } from './tally.ts';

/** How a ledger is read back. */
export interface ReadBack {
  container: Container;
  /** Prints what is there. */
  command: readonly string[];
  /** Of a writer that has stopped, and of which all is taken down. */
  tally: Tally;
  /** How long it is tried, in milliseconds; a minute where it is absent. */
  limitMs?: number | undefined;
}

/** A read program that prints nothing for so long is given up. */
const idleMs = 60_000;
/** How long it is tried again, in milliseconds. */
const defaultLimitMs = 60_000;

async function readOnce({ container, command, tally }: ReadBack): Promise<string | undefined> {
  let wrong: string | undefined;
  const lines = lineSplitter((line) => {
    const entry = parseEntry(line);
    if (entry) tally.read(entry.seq, entry.value);
    else wrong ??= line;
  });
  tally.beginRead();
  const end = await container.run(command, { onOutput: lines.add, connectMs: 10_000, idleMs });
  if (end.exitCode === 0) lines.end();
  if (end.exitCode !== 0) {
    return `the read program exited with ${end.exitCode ?? 'no code'}: ${end.stderr.trim()}`;
  }
  if (wrong !== undefined) return `the read program printed ${JSON.stringify(wrong)}`;
  tally.endRead();
  return undefined;
}

/**
 * Reads back what was written, as it comes; tries again for a while where it can't be read to its end.
 *
 * @throws PollTimeout past the limit, with what went wrong
 */
export async function readBack(parts: ReadBack): Promise<void> {
  const probe = async (): Promise<Probe<undefined>> => {
    try {
      const saw = await readOnce(parts);
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
export async function tryReadBack(parts: ReadBack): Promise<string | undefined> {
  try {
    await readBack(parts);
    return undefined;
  } catch (error) {
    parts.container.signal.throwIfAborted();
    if (!(error instanceof HoldfastError)) throw error;
    return messageOf(error);
  }
}
