/** Which pods' processes had files of a volume open for writing, at one moment or several alike. */
export interface HolderSample {
  /** Milliseconds since the first sample. */
  ms: number;
  /** The UIDs of the pods, sorted. */
  uids: string[];
  /** How many samples, one right after the other, were like this one. */
  times: number;
}

/** What was seen from a pod's node while the pod was taken away by force. */
export type Holders =
  | { pod: string; samples: HolderSample[] }
  /** Nobody looked, and why. */
  | { pod: string; untried: string };

const sample = /^(\d+)((?: [0-9A-Za-z_-]+)*)$/;

/**
 * Reads what the sampling script printed: a line for each sample, of its time in hundredths of a second
 * and the UIDs, each once or several times. Samples that are like the former are counted with it. A line
 * of another form, as the last of a script that was stopped, is left out.
 */
export function parseSamples(output: string): HolderSample[] {
  const samples: HolderSample[] = [];
  let first: number | undefined;
  for (const line of output.split('\n')) {
    const [, time, names] = sample.exec(line) ?? [];
    if (time === undefined || names === undefined) continue;
    const ms = Number(time) * 10;
    first ??= ms;
    // Where systemd manages control groups, a UID is written with underscores.
    const all = names.split(' ').filter((name) => name !== '');
    const uids = [...new Set(all.map((name) => name.replaceAll('_', '-')))].sort();
    const last = samples.at(-1);
    if (last?.uids.join(' ') === uids.join(' ')) last.times += 1;
    else samples.push({ ms: ms - first, uids, times: 1 });
  }
  return samples;
}
