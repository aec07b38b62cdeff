import { type CheckResult, type DisruptionRecord, type Report, seconds } from '@holdfast/core';
import { recoveries, recoveryTime } from '@holdfast/harness';

const head = `# What has been proven

Written by \`npm run -s docs:proof\` from the reports of proofs; every figure is one that was measured
in the run it stands with. Machines differ and are shared: compare figures within one run only.
`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** From the request until the last of its pods was Ready again, by kind. */
function recoveryTable(disruptions: readonly DisruptionRecord[]): string {
  const rows = recoveries(disruptions).map(({ kind, count, medianMs, maxMs }) => {
    const those = disruptions.filter((record) => record.kind === kind);
    const pods = those.reduce((sum, { targets }) => sum + targets.length, 0);
    return [kind, String(count), String(pods), recoveryTime(medianMs), recoveryTime(maxMs)];
  });
  return table(['disruption', 'times', 'pods', 'median', 'maximum'], rows);
}

/** What was written before the disruptions and was not there after one of them. */
function losses(checks: readonly CheckResult[]): string {
  const data = checks.filter(({ id }) => id.startsWith('D'));
  if (data.length === 0) return 'not looked for';
  const lost = data.flatMap(({ evidence }) => evidence.filter(({ ok }) => !ok));
  return lost.length === 0 ? 'none' : lost.map(({ object }) => object).join(', ');
}

function section(report: Report): string {
  const { chart, cluster } = report;
  const facts = [
    ['verdict', report.verdict],
    ['date', report.startedAt.slice(0, 10)],
    ['cluster', `${cluster.kind} ${cluster.kubernetesVersion}, ${cluster.nodes.length} nodes`],
    ...(cluster.bootMs === undefined
      ? []
      : [['nodes Ready', `${seconds(cluster.bootMs)} after the first container's start`]]),
    ['Helm', report.helmVersion],
    ['images', report.images.map(({ reference }) => `\`${reference}\``).join(', ')],
    ['disruptions', String(report.disruptions.length)],
    ['lost', losses(report.checks)],
    ['took', seconds(report.durationMs)],
  ];
  const checks = report.checks.map(({ id, title, verdict, summary }) => [
    id,
    title,
    verdict,
    summary,
  ]);
  return [
    `## ${chart.name} ${chart.version} (application ${chart.appVersion})`,
    table(['fact', 'value'], facts),
    'Recovery, from the deletion until Ready with the same claim:',
    recoveryTable(report.disruptions),
    'Checks:',
    table(['check', 'what', 'verdict', 'seen'], checks),
  ].join('\n\n');
}

/** The text of docs/proof.md. */
export function proofPage(reports: readonly Report[]): string {
  return `${[head, ...reports.map(section)].join('\n')}\n`;
}
