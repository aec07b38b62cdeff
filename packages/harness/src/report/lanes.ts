import type { Span, Spans } from '@holdfast/core';

/** What stands in a bar. */
const cells = { fine: '█', notReady: '░', absent: '·', silent: ' ' } as const;

/** One line: a name, and from when to when it was not as it should be. */
export interface Lane {
  name: string;
  stretches: { span: Span; cell: string }[];
}

/** What lies in a span beside some of its parts, which are in their order. */
function rest(within: Span, parts: readonly Span[]): Span[] {
  const starts = [within.fromMs, ...parts.map(({ toMs }) => toMs)];
  const ends = [...parts.map(({ fromMs }) => fromMs), within.toMs];
  return starts
    .map((fromMs, index) => ({ fromMs, toMs: ends[index] ?? within.toMs }))
    .filter(({ fromMs, toMs }) => toMs > fromMs);
}

const as = (cell: string, spans: readonly Span[]) => spans.map((span) => ({ span, cell }));

/** A lane for each name of a pod, with all lives of that name. */
export function podLanes({ pods, untilMs }: Spans): Lane[] {
  const whole = { fromMs: 0, toMs: untilMs };
  return [...new Set(pods.map(({ pod }) => pod))].map((name) => {
    const lives = pods
      .filter(({ pod }) => pod === name)
      .map(({ createdMs, goneMs, ready }) => {
        return { span: { fromMs: createdMs ?? 0, toMs: goneMs ?? untilMs }, ready };
      });
    const notReady = lives.flatMap(({ span, ready }) => rest(span, ready));
    const absent = rest(
      whole,
      lives.map(({ span }) => span),
    );
    return { name, stretches: [...as(cells.notReady, notReady), ...as(cells.absent, absent)] };
  });
}

/** A lane for each ledger. */
export function ledgerLanes({ acknowledged, untilMs }: Spans): Lane[] {
  return Object.entries(acknowledged).map(([name, spans]) => {
    return { name, stretches: as(cells.silent, rest({ fromMs: 0, toMs: untilMs }, spans)) };
  });
}

/**
 * A lane's bar: what lasts less than a cell fills one, so that a cell shows the worst of its time. What
 * was over before the end leaves the last cell, which shows that it was.
 */
export function bar({ stretches }: Lane, width: number, endMs: number): string {
  const line = Array.from({ length: width }, (): string => cells.fine);
  for (const { span, cell } of stretches) {
    const last = span.toMs < endMs ? width - 1 : width;
    const from = Math.min(Math.floor((span.fromMs / endMs) * width), last - 1);
    const to = Math.min(Math.ceil((span.toMs / endMs) * width), last);
    line.fill(cell, from, Math.max(from + 1, to));
  }
  return line.join('');
}

/** Columns from one tick to the next, at least. */
const tickColumns = 10;

/** The least of 1, 2 and 5 times a power of ten that leaves room for what stands at a tick. */
function tickMs(endMs: number, width: number): number {
  const least = Math.max(1, (endMs * tickColumns) / width);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((factor) => factor * power).find((ms) => ms >= least) ?? 10 * power;
}

/** "0         500       1000      1500 ms", to stand above bars. */
export function scale(width: number, endMs: number): string {
  const step = tickMs(endMs, width);
  const unit = ' ms';
  const ticks = Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step);
  const line = ticks.reduce((left, ms) => {
    const at = Math.round((ms / endMs) * width);
    const fits = at + String(ms).length + unit.length <= width;
    return fits ? `${left.padEnd(at)}${ms}` : left;
  }, '');
  return `${line}${unit}`;
}
