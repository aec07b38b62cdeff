import type { CheckResult, DisruptionRecord, Report } from '@holdfast/core';

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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** Recovery of each kind: from the request until the last of its pods was Ready again. */
function recoveries(disruptions: readonly DisruptionRecord[]): string {
  const kinds = [...new Set(disruptions.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => {
    const those = disruptions.filter((record) => record.kind === kind);
    const times = those.flatMap(({ recoveryMs }) => recoveryMs ?? []);
    const pods = those.reduce((sum, { targets }) => sum + targets.length, 0);
    const never = those.length - times.length;
    return [
      kind,
      String(those.length),
      String(pods),
      times.length > 0 ? seconds(median(times)) : 'none',
      times.length > 0 ? seconds(Math.max(...times)) : 'none',
      String(never),
    ];
  });
  return table(['disruption', 'times', 'pods', 'median', 'maximum', 'did not recover'], rows);
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
    recoveries(report.disruptions),
    'Checks:',
    table(['check', 'what', 'verdict', 'seen'], checks),
  ].join('\n\n');
}

/** The text of docs/proof.md. */
export function proofPage(reports: readonly Report[]): string {
  return `${[head, ...reports.map(section)].join('\n')}\n`;
}
