import type { CheckResult, Report, Verdict } from '@holdfast/core';
import { recoveries, recoveryTime } from './recovery.ts';
import { plain, type Style } from './style.ts';

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

/** The recovery times, under the check that they belong to. */
function recoveryLines(report: Report, style: Style): string[] {
  const parts = recoveries(report.disruptions).map(({ kind, count, medianMs, maxMs }) => {
    const spread =
      count === 1
        ? recoveryTime(maxMs)
        : `median ${recoveryTime(medianMs)}, max ${recoveryTime(maxMs)}`;
    return `${kind} ${spread}`;
  });
  return parts.length === 0 ? [] : [`       ${style('detail', `recovered: ${parts.join(' · ')}`)}`];
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
 * A report as text for a terminal: a line for each check with its evidence, the recovery times, and
 * the verdict as the last line.
 *
 * @param style dresses the text; without it there are no colours
 */
export function verdictTable(report: Report, style: Style = plain): string {
  const width = Math.max(0, ...report.checks.map((check) => check.title.length));
  const lines = report.checks.flatMap((check) => [
    checkLine(check, width, style),
    ...(check.id === 'R1' ? recoveryLines(report, style) : []),
  ]);
  const shown = report.checks.some((check) => check.id === 'R1');
  const recovery = shown ? [] : recoveryLines(report, style);
  return [heading(report), ...lines, ...recovery, lastLine(report, style)].join('\n');
}
