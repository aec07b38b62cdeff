/** What became of a write: an unknown one got no answer, and may be there or not. */
export type WriteKind = 'acknowledged' | 'failed' | 'unknown';

const kinds: Readonly<Record<string, WriteKind>> = {
  ack: 'acknowledged',
  fail: 'failed',
  unknown: 'unknown',
};

/**
 * What a write program said of a write.
 *
 * @param seq the number of the write that it was given
 * @returns undefined where the line is no answer to this very write
 */
export function parseAnswer(line: string, seq: number): WriteKind | undefined {
  const match = /^(?:(ack) (\d+)|(fail|unknown) (\d+)(?: .*)?)$/.exec(line);
  if (Number(match?.[2] ?? match?.[4]) !== seq) return undefined;
  return kinds[match?.[1] ?? match?.[3] ?? ''];
}

/** A line of the writer's file: what became of a write, and when by the writer's clock. */
export interface Note {
  kind: WriteKind;
  seq: number;
  ms: number;
}

/** Reads a line of the writer's file, `KIND SEQ CENTISECONDS`; undefined where it is none. */
export function parseNote(line: string): Note | undefined {
  const match = /^(ack|fail|unknown) ([1-9]\d{0,9}) (\d{1,14})$/.exec(line);
  const kind = kinds[match?.[1] ?? ''];
  return kind && { kind, seq: Number(match?.[2]), ms: Number(match?.[3]) * 10 };
}

/** A write as it was read back. */
export interface Entry {
  seq: number;
  value: number;
}

/** Reads a line of a read program, `SEQ VALUE`; undefined where it is none. */
export function parseEntry(line: string): Entry | undefined {
  const match = /^(\d{1,15}) (\d{1,15})$/.exec(line);
  return match ? { seq: Number(match[1]), value: Number(match[2]) } : undefined;
}
