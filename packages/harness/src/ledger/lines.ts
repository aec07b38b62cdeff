import { StringDecoder } from 'node:string_decoder';

/** Cuts a stream into lines; what is beyond this many characters of a line is dropped. */
const longest = 1_000;

/** Takes a stream's chunks, and tells its whole lines. */
export interface LineSplitter {
  add: (chunk: Buffer) => void;
  /** Tells what stands after the last line end, where there is something. */
  end: () => void;
}

/** Splits a stream into lines without keeping more than one of them. */
export function lineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(0, longest);
    for (const line of lines) onLine(line.slice(0, longest));
  };
  return {
    add: (chunk) => {
      take(decoder.write(chunk));
    },
    end: () => {
      const last = rest + decoder.end();
      rest = '';
      if (last !== '') onLine(last);
    },
  };
}
