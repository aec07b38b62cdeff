import { HoldfastError, messageOf } from '@holdfast/core';
import { setTimeout as delay } from 'node:timers/promises';
import type { Container, ExecStream } from '../kube/exec-stream.ts';
import { lineSplitter } from './lines.ts';
import { parseAnswer } from './protocol.ts';
import type { Tally } from './tally.ts';
import { valueOf } from './value.ts';

/** Times in milliseconds. */
const connectMs = 3_000;
const answerMs = 2_000;
const retryMs = 200;

/** A write program in a container, fed through a connection that may be lost at any time. */
export interface Feed {
  container: Container;
  command: readonly string[];
  tally: Tally;
  salt: number;
  /** The time from one write to the next, in milliseconds. */
  everyMs: number;
  /** Aborted with the client's signal as well. */
  stop: AbortSignal;
  /** Is told why the program ended by itself. */
  onEnd: (why: string) => void;
}

/** Waits; not at all where the time is over. */
async function pause(ms: number, stop: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  await delay(ms, undefined, { signal: stop }).catch(() => {});
}

/** A program with the line that is waited for. */
interface Program {
  stream: ExecStream;
  /** The next line; undefined when it did not come in time, or the program ended. */
  next(): Promise<string | undefined>;
}

async function start({ container, command }: Feed): Promise<Program> {
  let waiting: ((line: string | undefined) => void) | undefined;
  const lines = lineSplitter((line) => waiting?.(line));
  const stream = await container.start(command, { onOutput: lines.add, connectMs });
  void stream.ended.then(() => waiting?.(undefined));
  return {
    stream,
    next: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => waiting?.(undefined), answerMs);
        waiting = (line) => {
          clearTimeout(timer);
          waiting = undefined;
          resolve(line);
        };
      }),
  };
}

/** Whether the program runs: a container that is about to end may take a command and never run it. */
async function isReady(program: Program): Promise<boolean> {
  return (await program.next()) === 'ready';
}

/** Writes until the program fails to answer. */
async function feedOne(feed: Feed, program: Program): Promise<void> {
  const { tally, salt, everyMs, stop } = feed;
  const over = new AbortController();
  void program.stream.ended.then(() => {
    over.abort();
  });
  if (!(await isReady(program))) return;
  while (!stop.aborted && !over.signal.aborted) {
    const began = performance.now();
    const seq = tally.attempted + 1;
    const answer = program.next();
    program.stream.write(`${seq} ${valueOf(seq, salt)}\n`);
    const line = await answer;
    const kind = line === undefined ? undefined : parseAnswer(line, seq);
    tally.note(seq, kind ?? 'unknown', performance.now());
    if (kind === undefined) return;
    await pause(everyMs - (performance.now() - began), stop);
  }
}

/**
 * Feeds a write program at a pace until it is told to stop. What had no answer when the connection was
 * lost is unknown, and the program is started anew as soon as its container takes it.
 */
export async function feedFile(feed: Feed): Promise<void> {
  const { container, stop, onEnd } = feed;
  while (!stop.aborted) {
    const began = performance.now();
    try {
      const program = await start(feed);
      await feedOne(feed, program);
      program.stream.close();
      const { exitCode, stderr, lost } = await program.stream.ended;
      if (lost === undefined) onEnd(`exit code ${exitCode ?? 'unknown'}: ${stderr.trim()}`);
    } catch (error) {
      container.signal.throwIfAborted();
      if (!(error instanceof HoldfastError)) throw error;
      onEnd(messageOf(error));
    }
    await pause(retryMs - (performance.now() - began), stop);
  }
}
