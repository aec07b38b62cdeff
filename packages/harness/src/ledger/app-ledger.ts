import { HoldfastError, messageOf, poll, type LedgerRecord, type Probe } from '@holdfast/core';
import type { Container } from '../kube/exec-stream.ts';
import { followWriter, quickly } from './follow-writer.ts';
import { awaitedGap } from './gap.ts';
import { tryReadBack } from './read-back.ts';
import type { RunningLedger } from './running-ledger.ts';

/** Asks the writer to stop, and says whether it has. */
const stopScript = `: >"$LEDGER_DIR/stop"
if [ -e "$LEDGER_DIR/stopped" ]; then echo stopped; else echo 'still writing'; fi`;

/** Runs the read program, at another address where there are $1 and $2. */
const readScript = `export HOST="\${1:-$HOST}" PORT="\${2:-$PORT}"
exec sh "$READ"`;

/** A ledger that is written through an application. */
export interface AppLedger {
  name: string;
  salt: number;
  /** The port that the pods listen on, where they are asked by their own names. */
  podPort: number;
  /** How the writes reach the application. */
  reached?: LedgerRecord['reached'];
  /** The end of what the writer has printed. */
  said: () => Promise<string | undefined>;
  /** How long reading back is tried, in milliseconds. */
  readLimitMs?: number;
}

/**
 * Follows a writer by its file: what it has added is fetched when it is asked for, so that no
 * connection has to last.
 *
 * @param container the writer's
 */
export function appLedger(
  container: Container,
  { name, salt, podPort, reached, said, readLimitMs: limitMs }: AppLedger,
): RunningLedger {
  const { tally, collect, collectIfThere } = followWriter(container, salt);
  const { target, signal } = container;
  const command = (...args: (string | number)[]) => [
    'sh',
    '-c',
    readScript,
    'sh',
    ...args.map(String),
  ];
  let stopped = false;
  let failure: string | undefined;

  async function untilStopped(): Promise<void> {
    const probe = async (): Promise<Probe<undefined>> => {
      let output = '';
      const onOutput = (chunk: Buffer) => (output += chunk.toString());
      try {
        await container.run(['sh', '-c', stopScript], { ...quickly, onOutput });
      } catch (error) {
        signal.throwIfAborted();
        output = messageOf(error);
      }
      const saw = output.trim();
      return saw === 'stopped' ? { done: true, value: undefined } : { done: false, saw };
    };
    const what = `${target.pod} to stop writing`;
    await poll(probe, { what, limitMs: 60_000, everyMs: 250, signal });
    await collect(performance.now());
    stopped = true;
  }

  /** Why nothing was acknowledged, as far as the programs say it. */
  async function lastWords(): Promise<string> {
    const log = (await said())?.trim();
    return `no write was acknowledged: ${log === undefined || log === '' ? 'the writer says nothing' : log}`;
  }

  async function stopAndRead(): Promise<void> {
    try {
      if (!stopped) await untilStopped();
      failure = await tryReadBack({ container, command: command(), tally, limitMs });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HoldfastError)) throw error;
      failure = messageOf(error);
    }
  }

  return {
    name,
    async lastAcknowledgedMs() {
      await collect();
      return tally.lastAcknowledgedMs;
    },
    gap: (fromMs, toMs) =>
      awaitedGap(async () => {
        await collectIfThere();
        return tally.gap(fromMs, toMs);
      }, signal),
    async silences(...span) {
      await collectIfThere();
      return tally.silences(...span);
    },
    mark(disruption) {
      tally.mark(disruption, performance.now());
    },
    readBack: stopAndRead,
    async readAt(host) {
      const apart = tally.unread();
      const parts = { container, command: command(host, podPort), tally: apart, limitMs };
      const error = await tryReadBack(parts);
      return { name, ...apart.record(), ...(error === undefined ? {} : { error }) };
    },
    async stop() {
      if (!stopped) await stopAndRead();
      if (tally.lastAcknowledgedMs === null) failure = await lastWords();
      const how = reached === undefined ? {} : { reached };
      return {
        name,
        ...how,
        ...tally.record(),
        ...(failure === undefined ? {} : { error: failure }),
      };
    },
  };
}
