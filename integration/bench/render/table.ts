import type { BenchReport } from './bench.ts';
import type { Goal, Part, Row } from './figures.ts';

const titles: Record<Part, string> = {
  'in-process': 'generate in this process, warm, writing nothing',
  process: 'generate as a command',
  helm: 'helm template, net of helm version',
};

const headings = ['', 'min ms', 'median', 'ratio min', 'median', 'to', 'goal'];
/** Of the headings: text stands left, figures right. */
const figures = [1, 2, 3, 4];

function labelOf({ name, objects, part, tool }: Row): string {
  const count = objects === undefined ? '' : ` (${objects} objects)`;
  if (tool === 'baseline') return `${name}, which does nothing`;
  return part === 'helm' ? `${name}${count}` : `${name} ${tool}${count}`;
}

function verdict({ met: { median, min } }: Goal): string {
  if (min && median) return 'met';
  if (!min && !median) return 'missed';
  return `met by the ${min ? 'min' : 'median'} alone`;
}

function cellsOf(row: Row): string[] {
  const { goals, median, min, ratio } = row;
  const of = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? '';
  return [
    `  ${labelOf(row)}`,
    ...[of(min, 1), of(median, 1), of(ratio?.min, 2), of(ratio?.median, 2)],
    ratio?.to ?? '',
    goals.map((goal) => `${goal.text}: ${verdict(goal)}`).join(', '),
  ];
}

/** What was measured as a table: a block for each part, and the goals counted in the last line. */
export function benchTable(report: BenchReport): string {
  const { helmVersion, machine, nodeVersion, rounds, rows } = report;
  const blocks = (['in-process', 'process', 'helm'] as const).map((part) => ({
    title: titles[part],
    lines: rows.filter((row) => row.part === part).map(cellsOf),
  }));
  const widths = headings.map((heading, column) =>
    Math.max(
      ...blocks.flatMap(({ lines }) => lines.map((cells) => cells[column]?.length ?? 0)),
      heading.length,
    ),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return figures.includes(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const goals = rows.flatMap((row) => row.goals);
  const met = goals.filter((goal) => verdict(goal) === 'met').length;
  return [
    `${rounds} interleaved rounds · Node ${nodeVersion} · Helm ${helmVersion} · ${machine}`,
    line(headings),
    ...blocks.flatMap(({ lines, title }) => [title, ...lines.map(line)]),
    `goals: ${met} met by min and median, ${goals.length - met} not`,
  ].join('\n');
}
