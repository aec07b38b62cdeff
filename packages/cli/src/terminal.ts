import type { WriteStream } from 'node:tty';

/** A terminal of no width (as that of `script` without one) has no line to redraw. */
const leastColumns = 30;

/** Is it a terminal whose lines can be drawn anew? */
export function isDrawable(stream: WriteStream): boolean {
  return stream.isTTY && stream.columns >= leastColumns && process.env['TERM'] !== 'dumb';
}
