import type { BrokenChart } from './charts.ts';

/** One run of a chart. */
export interface Outcome {
  chart: BrokenChart;
  /** The checks that failed. */
  failed: string[];
  ms: number;
  /** Why it came to no verdict. */
  error?: string;
}

/** Whether exactly the checks failed that had to. */
export function isRight({ chart, failed, error }: Outcome): boolean {
  return error === undefined && failed.join() === chart.breaks.join();
}

function other({ failed, error }: Outcome): string {
  return error ?? (failed.length === 0 ? 'rejected by nothing' : `rejected by ${failed.join(' ')}`);
}

/** "120 s" or "110–130 s". */
function span(times: readonly number[]): string {
  const [least, most] = [Math.min(...times), Math.max(...times)].map((ms) => Math.round(ms / 1000));
  return least === most ? `${least} s` : `${least}–${most} s`;
}

function cells(chart: BrokenChart, outcomes: readonly Outcome[]): string[] {
  const right = outcomes.filter(isRight).length;
  const wrong = new Set(outcomes.filter((outcome) => !isRight(outcome)).map(other));
  return [
    chart.title,
    chart.breaks.join(' ') || 'none',
    `${right} of ${outcomes.length}`,
    span(outcomes.map(({ ms }) => ms)),
    [...wrong].join('; '),
  ];
}

/** A line for each chart: what must fail, how often just that failed, how long it took, what else came. */
export function outcomeTable(outcomes: readonly Outcome[]): string[] {
  const charts = [...new Set(outcomes.map(({ chart }) => chart))];
  const rows = [
    ['chart', 'fails', 'as it must', 'took', 'otherwise'],
    ...charts.map((chart) =>
      cells(
        chart,
        outcomes.filter((outcome) => outcome.chart === chart),
      ),
    ),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
