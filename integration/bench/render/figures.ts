/** What a measured call is part of. */
export type Part = 'in-process' | 'process' | 'helm';

/** Whose call it is; a baseline does nothing, and shows what every call of its part costs. */
export type Tool = 'holdfast' | 'cdk8s' | 'peer' | 'baseline';

/** What a call took, as often as it was measured. */
export interface Sample {
  part: Part;
  tool: Tool;
  /** For people: "charts-out/web". */
  name: string;
  /** The chart's own name, by which others are found to compare it with. */
  chart: string;
  /** How many Kubernetes objects come out of it, where that is known. */
  objects?: number;
  /** Milliseconds, in the order of the rounds. */
  ms: number[];
}

/** The least and the middle one of what was measured, in milliseconds. */
export interface Figures {
  min: number;
  median: number;
}

/** How many times as long a call takes as another one of the same rounds. */
export interface Ratio extends Figures {
  to: string;
}

/**
 * A goal, judged twice: other work on the machine makes the median of a time too great, and that of a
 * ratio of what is left without a baseline too close to 1.
 */
export interface Goal {
  /** "≤ 20 ms". */
  text: string;
  /** Whether the least one meets it, and the middle one. */
  met: { min: boolean; median: boolean };
}

/** A line of the table. */
export interface Row extends Sample, Figures {
  ratio?: Ratio;
  goals: Goal[];
}

const limits = { inProcessMs: 20, processMs: 500, toPeer: 1.25 };

function median(ms: readonly number[]): number {
  const sorted = [...ms].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1);
  return (low + high) / 2;
}

export function figuresOf(ms: readonly number[]): Figures {
  return { min: Math.min(...ms), median: median(ms) };
}

/** What is left of a call's time without that of the baseline. */
function net(sample: Sample, baseline: Sample): Figures {
  const gross = figuresOf(sample.ms);
  const base = figuresOf(baseline.ms);
  return { min: gross.min - base.min, median: gross.median - base.median };
}

function ratioOf(ours: Figures, other: Row | undefined): Ratio | undefined {
  // With few rounds the noise can be greater than what is left without the baseline.
  if (other === undefined || other.min <= 0 || other.median <= 0) return undefined;
  return {
    to: other.tool === 'cdk8s' ? 'cdk8s' : other.name,
    min: ours.min / other.min,
    median: ours.median / other.median,
  };
}

function plain(sample: Sample): Row {
  return { ...sample, ...figuresOf(sample.ms), goals: [] };
}

function goal(text: string, { min, median }: Figures, reaches: (value: number) => boolean): Goal {
  return { text, met: { min: reaches(min), median: reaches(median) } };
}

function atMost(figures: Figures, limit: number, unit: string): Goal {
  return goal(`≤ ${limit}${unit}`, figures, (value) => value <= limit);
}

/** A generation beside cdk8s' of the same chart; only the processes race each other for a goal. */
function generationRow(sample: Sample, all: readonly Sample[]): Row {
  const row = plain(sample);
  if (sample.tool !== 'holdfast') return row;
  const { part, chart } = sample;
  const twin = all.find((o) => o.part === part && o.tool === 'cdk8s' && o.chart === chart);
  const ratio = ratioOf(row, twin && plain(twin));
  const inProcess = part === 'in-process';
  const limit = inProcess ? limits.inProcessMs : limits.processMs;
  const goals = [atMost(row, limit, ' ms')];
  if (ratio && !inProcess) goals.push(goal('ahead of cdk8s', ratio, (value) => value < 1));
  return { ...row, ...(ratio && { ratio }), goals };
}

/** The peers of the same name; all of them where none has it. */
function peersOf(row: Row, rows: readonly Row[]): Row[] {
  const peers = rows.filter(({ tool }) => tool === 'peer');
  const alike = peers.filter(({ chart }) => chart === row.chart);
  return alike.length > 0 ? alike : peers;
}

function helmRows(samples: readonly Sample[]): Row[] {
  const baseline = samples.find(({ tool }) => tool === 'baseline');
  if (baseline === undefined) return [];
  const rows = samples.map((sample) =>
    sample === baseline ? plain(sample) : { ...plain(sample), ...net(sample, baseline) },
  );
  return rows.map((row) => {
    if (row.tool !== 'holdfast') return row;
    const [leanest] = peersOf(row, rows).sort((a, b) => a.min - b.min);
    const ratio = ratioOf(row, leanest);
    if (ratio === undefined) return row;
    return { ...row, ratio, goals: [atMost(ratio, limits.toPeer, ' × the leanest peer')] };
  });
}

/**
 * Turns what was measured into the lines of the table, in its order.
 *
 * Figures of `helm template` are net of the baseline `helm version`; all others are as measured.
 */
export function rowsOf(samples: readonly Sample[]): Row[] {
  const helm = samples.filter(({ part }) => part === 'helm');
  const generation = samples.filter(({ part }) => part !== 'helm');
  return [...generation.map((sample) => generationRow(sample, samples)), ...helmRows(helm)];
}
