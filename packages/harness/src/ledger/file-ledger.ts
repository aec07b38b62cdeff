import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container } from '../kube/exec-stream.ts';
import { feedFile } from './file-stream.ts';
import { awaitedGap } from './gap.ts';
import { tryReadBack } from './read-back.ts';
import type { RunningLedger } from './running-ledger.ts';
import { newTally } from './tally.ts';

/** A file of this folder: the programs of a ledger in files. */
export function program(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, name), 'utf8');
}

/** A ledger in a file of a pod. */
export interface FileLedger {
  name: string;
  /** Its path in the container. */
  file: string;
  salt: number;
  /** The time from one write to the next, in milliseconds. */
  everyMs: number;
  /** How long reading back is tried, in milliseconds. */
  readLimitMs?: number;
}

/**
 * Begins to write a ledger into a file, by programs that run in the application's own container: it needs
 * a shell, and sync or dd.
 */
export async function fileLedger(container: Container, parts: FileLedger): Promise<RunningLedger> {
  const { name, file, salt, everyMs, readLimitMs: limitMs } = parts;
  const { signal } = container;
  const [write, read] = [await program('file-write.sh'), await program('file-read.sh')];
  const tally = newTally(salt);
  const stop = new AbortController();
  let failure: string | undefined;
  let lastEnd = 'no answer';
  const feeding = feedFile({
    container,
    command: ['sh', '-c', write, 'sh', file],
    tally,
    salt,
    everyMs,
    stop: AbortSignal.any([stop.signal, signal]),
    onEnd: (why) => (lastEnd = why),
  });
  // It is awaited at the end; until then it must not end the process.
  feeding.catch(() => {});

  async function stopAndRead(): Promise<void> {
    stop.abort();
    await feeding;
    const command = ['sh', '-c', read, 'sh', file];
    failure = await tryReadBack({ container, command, tally, limitMs });
  }

  return {
    name,
    lastAcknowledgedMs: () => Promise.resolve(tally.lastAcknowledgedMs),
    gap: (fromMs, toMs) => awaitedGap(() => Promise.resolve(tally.gap(fromMs, toMs)), signal),
    silences: (...span) => Promise.resolve(tally.silences(...span)),
    mark(disruption) {
      tally.mark(disruption, performance.now());
    },
    readBack: stopAndRead,
    async stop() {
      if (!stop.signal.aborted) await stopAndRead();
      if (tally.lastAcknowledgedMs === null) failure = `no write was acknowledged: ${lastEnd}`;
      return { name, ...tally.record(), ...(failure === undefined ? {} : { error: failure }) };
    },
  };
}
