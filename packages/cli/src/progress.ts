import { styleText } from 'node:util';
import { seconds } from '@holdfast/core';
import { printNotice } from './output.ts';
import { isDrawable } from './terminal.ts';

/** Tells people what goes on, on standard error; one step at a time. */
export interface Progress {
  /** Begins a step; what it is doing stands on a terminal's last line. */
  begin: (doing: string) => void;
  /** What the step is at, on a terminal only. */
  detail: (text: string) => void;
  /** What the step is at, as a line of its own where there is no terminal. */
  say: (text: string) => void;
  /** Ends the step well; says how long it took, in seconds. */
  done: (what: string) => void;
  /** Ends the step, where one goes on, as failed. */
  failed: () => void;
  /** A line that stays, within the step. */
  line: (ok: boolean, text: string) => void;
  /** Ends the step without a word. */
  clear: () => void;
}

const stream = process.stderr;

function mark(ok: boolean): string {
  return ok ? styleText('green', '✔', { stream }) : styleText('red', '✖', { stream });
}

/** Lines that are the same from run to run but for the times, as a log wants them. */
function plainProgress(): Progress {
  let current: { doing: string; began: number } | undefined;
  const took = () => (current ? ` (${seconds(performance.now() - current.began)})` : '');
  return {
    begin: (doing) => {
      current = { doing, began: performance.now() };
    },
    detail: () => {},
    say: (text) => {
      printNotice(`  ${text}`);
    },
    done: (what) => {
      printNotice(`${mark(true)} ${what}${took()}`);
      current = undefined;
    },
    failed: () => {
      if (current) printNotice(`${mark(false)} ${current.doing}${took()}`);
      current = undefined;
    },
    line: (ok, text) => {
      printNotice(`  ${mark(ok)} ${text}`);
    },
    clear: () => {
      current = undefined;
    },
  };
}

/** A last line that lives, with the step and its seconds, below the lines of what is finished. */
async function terminalProgress(): Promise<Progress> {
  const { default: ora } = await import('ora');
  const lines = plainProgress();
  let began = 0;
  let text = '';
  const spinner = ora({
    stream,
    discardStdin: false,
    suffixText: () => seconds(performance.now() - began),
  });
  const show = (detail = '') => {
    const full = detail === '' ? text : `${text} · ${detail}`;
    const room = Math.max(10, stream.columns - 14);
    spinner.text = full.length > room ? `${full.slice(0, room - 1)}…` : full;
  };
  const clear = () => {
    spinner.stop();
    lines.clear();
  };
  return {
    begin: (doing) => {
      lines.begin(doing);
      began = performance.now();
      text = doing;
      show();
      spinner.start();
    },
    detail: show,
    say: show,
    done: (what) => {
      spinner.stop();
      lines.done(what);
    },
    failed: () => {
      spinner.stop();
      lines.failed();
    },
    // The spinner makes room for lines of others by itself.
    line: lines.line,
    clear,
  };
}

/** The progress that suits standard error: alive on a terminal, lines elsewhere. */
export async function createProgress(): Promise<Progress> {
  const alive = isDrawable(stream) && !('CI' in process.env);
  return alive ? terminalProgress() : plainProgress();
}
