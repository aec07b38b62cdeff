import { constants } from 'node:os';
import { printNotice } from './output.ts';

/** How a command is asked to end early. */
export interface Stop {
  /** Aborted by the first signal, or by an error that nobody caught. */
  readonly signal: AbortSignal;
  /** Says what the end of the command removes from now on, for the user who waits for it. */
  removing(what: string): void;
  /** 128 and the number of the signal that came; undefined when none did. */
  exitCode(): number | undefined;
}

/**
 * Turns SIGINT, SIGTERM and SIGHUP, and errors that nobody caught, into the abort of one signal, so
 * that the command ends in its own order and removes what it made. Later signals change nothing.
 */
export function listenForStop(): Stop {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  let removing: string | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    const work = removing === undefined ? '' : `removing ${removing}`;
    if (received === undefined) {
      received = name;
      printNotice(work === '' ? 'stopping…' : `stopping: ${work}…`);
      controller.abort(new Error(`stopped by ${name}`));
    } else {
      printNotice(`still ${work || 'stopping'}: this takes some seconds`);
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  const onStray = (error: unknown) => {
    // Work that was aborted may still fail on its way out.
    if (!controller.signal.aborted) controller.abort(error);
  };
  process.on('uncaughtException', onStray);
  process.on('unhandledRejection', onStray);
  return {
    signal: controller.signal,
    removing: (what) => {
      removing = what;
    },
    exitCode: () => (received === undefined ? undefined : 128 + constants.signals[received]),
  };
}
