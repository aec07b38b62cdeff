import type { CheckResult, Report, Verdict } from '@holdfast/core';
import { gaps, recoveries, recoveryTime, type RecoverySummary } from './recovery.ts';
import { plain, type Style } from './style.ts';
import { timelineLines } from './timeline-bars.ts';

const marks: Record<Verdict, string> = { passed: '✔', failed: '✘', skipped: '–' };
const maxSummary = 240;

/** One line of what may be several: the rest is in the report's evidence. */
function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > maxSummary ? `${line.slice(0, maxSummary - 1)}…` : line;
}

/** "web 1.29 · chart web-0.1.0 · 1 node, stand-in Kubernetes 1.34.4". */
function heading({ chart, cluster }: Report): string {
  const nodes = `${cluster.nodes.length} node${cluster.nodes.length === 1 ? '' : 's'}`;
  const version = cluster.kubernetesVersion.replace(/^v/, '');
  const app = [chart.name, chart.appVersion].filter((part) => part !== '').join(' ');
  return `${app} · chart ${chart.name}-${chart.version} · ${nodes}, ${cluster.kind} ${version}`;
}

function checkLine(check: CheckResult, width: number, style: Style): string {
  const title = style('title', check.title.padEnd(width));
  const prefix = check.verdict === 'skipped' ? 'skipped: ' : '';
  const summary = style('detail', oneLine(prefix + check.summary));
  return ` ${style(check.verdict, marks[check.verdict])} ${check.id.padEnd(3)} ${title}  ${summary}`;
}

/** Where lines below a check begin. */
const indent = ' '.repeat(7);
const maxColumns = 100;

/** Parts one after the other, in lines of at most 100 columns as far as the parts are shorter. */
function flowing(first: string, parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = `${last ?? first}${last === undefined ? '' : ' · '}${part}`;
    if (last === undefined) lines.push(longer);
    else if (indent.length + longer.length <= maxColumns) lines[lines.length - 1] = longer;
    else lines.push(`  ${part}`);
  }
  return lines;
}

function spread({ count, medianMs, maxMs }: RecoverySummary): string {
  if (count === 1) return recoveryTime(maxMs);
  return `median ${recoveryTime(medianMs)}, max ${recoveryTime(maxMs)}`;
}

function below(lines: readonly string[], style: Style): string[] {
  return lines.map((line) => `${indent}${style('detail', line)}`);
}

/** The recovery times and what was not done, under the check that they belong to. */
function recoveryLines({ disruptions, notDone = [] }: Report, style: Style): string[] {
  const parts = recoveries(disruptions).map((summary) => {
    const { kind, awayMs } = summary;
    const away = awayMs === undefined ? '' : `, ${recoveryTime(awayMs)} of it away`;
    return `${kind} ${spread(summary)}${away}`;
  });
  const left = new Set(notDone.map(({ kind, reason }) => oneLine(`not done: ${kind}: ${reason}`)));
  return below([...flowing('recovered: ', parts), ...left], style);
}

/** How long writes were not acknowledged, under the check that they belong to. */
function gapLines({ disruptions }: Report, style: Style): string[] {
  const parts = gaps(disruptions).map((summary) => {
    if (summary.maxMs === null) return `${summary.kind} gap without end`;
    return `${summary.kind} gap ${spread(summary)}`;
  });
  return below(flowing('', parts), style);
}

/** "PROVEN  12 checks · 0 failed · 1 skipped · 94 s". */
function lastLine(report: Report, style: Style): string {
  const of = (verdict: Verdict) =>
    report.checks.filter((check) => check.verdict === verdict).length;
  const proven = report.verdict === 'proven';
  const word = style(proven ? 'passed' : 'failed', proven ? 'PROVEN' : 'REJECTED');
  const count = `${report.checks.length} check${report.checks.length === 1 ? '' : 's'}`;
  const time = `${Math.round(report.durationMs / 1000)} s`;
  return [`${word}  ${count}`, `${of('failed')} failed`, `${of('skipped')} skipped`, time].join(
    ' · ',
  );
}

/**
 * A report as text for a terminal: a line for each check with its evidence, the recovery times and the
 * gaps, bars for the slowest disruption of each kind, and the verdict as the last line.
 *
 * @param style dresses the text; without it there are no colours
 */
export function verdictTable(report: Report, style: Style = plain): string {
  const width = Math.max(0, ...report.checks.map((check) => check.title.length));
  const lines = report.checks.flatMap((check) => [
    checkLine(check, width, style),
    ...(check.id === 'R1' ? recoveryLines(report, style) : []),
    ...(check.id === 'D1' ? gapLines(report, style) : []),
  ]);
  const shown = report.checks.some((check) => check.id === 'R1');
  const recovery = shown ? [] : recoveryLines(report, style);
  const bars = timelineLines(report, style);
  return [heading(report), ...lines, ...recovery, ...bars, lastLine(report, style)].join('\n');
}
