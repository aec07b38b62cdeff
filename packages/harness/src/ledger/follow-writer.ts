import { HoldfastError } from '@holdfast/core';
import type { Container } from '../kube/exec-stream.ts';
import { ifInReach } from './in-reach.ts';
import { lineSplitter } from './lines.ts';
import { parseNote } from './protocol.ts';
import { newTally, type Tally } from './tally.ts';

/** Prints the writer's clock, then what it has taken down behind $1 bytes: nothing before it has begun. */
const collectScript = `read -r now _ </proc/uptime
echo "now $now"
[ "$1" != 0 ] || [ -e "$LEDGER_DIR/answers" ] || exit 0
tail -c "+$(($1 + 1))" "$LEDGER_DIR/answers"`;

/** How old what is known may be, in milliseconds, before the writer is asked again. */
const freshMs = 100;

/** Limits for a command in the writer's container that answers at once. */
export const quickly = { connectMs: 5_000, idleMs: 10_000 };

/** What is known of a writer. */
export interface Followed {
  tally: Tally;
  /** Takes in what was written up to a time; without it, up to just now. */
  collect: (sinceMs?: number) => Promise<void>;
  /** As `collect`; takes in nothing where the writer is out of reach, as while its node restarts. */
  collectIfThere: () => Promise<void>;
}

/**
 * Follows a writer by its file: what it has added is fetched when it is asked for, so that no
 * connection has to last.
 *
 * @param container the writer's
 */
export function followWriter(container: Container, salt: number): Followed {
  // The least difference between the clocks that was seen: the way from there to here only adds to it.
  let offsetMs = Infinity;
  const tally = newTally(salt, () => offsetMs);
  let bytes = 0;
  let collecting: Promise<void> | undefined;
  let collectedMs = -Infinity;

  async function fetch(): Promise<void> {
    let taken = 0;
    let wrong: string | undefined;
    const lines = lineSplitter((line) => {
      const clock = /^now (\d+)\.(\d\d)$/.exec(line);
      if (clock) {
        const there = Number(clock[1]) * 1000 + Number(clock[2]) * 10;
        offsetMs = Math.min(offsetMs, performance.now() - there);
        return;
      }
      const note = parseNote(line);
      if (note?.seq !== tally.attempted + 1) wrong ??= line;
      if (!note || wrong !== undefined) return;
      tally.note(note.seq, note.kind, note.ms);
      taken += line.length + 1;
    });
    const command = ['sh', '-c', collectScript, 'sh', String(bytes)];
    const options = { ...quickly, onOutput: lines.add };
    const began = performance.now();
    // What came before a connection was lost counts; a line that was cut is fetched again.
    const end = await container.run(command, options).finally(() => {
      bytes += taken;
    });
    if (wrong !== undefined || end.exitCode !== 0) {
      const message = `the writer's file can't be read: ${wrong ?? end.stderr.trim()}`;
      throw new HoldfastError({ kind: 'internal', message, object: container.target.pod });
    }
    collectedMs = began;
  }

  /** One at a time: whoever comes meanwhile waits for the next. */
  async function collect(sinceMs = performance.now() - freshMs): Promise<void> {
    while (collectedMs < sinceMs) {
      collecting ??= fetch().finally(() => {
        collecting = undefined;
      });
      await collecting;
    }
  }

  return {
    tally,
    collect,
    collectIfThere: () => ifInReach(container.signal, () => collect()),
  };
}
