import { type CheckResult, type LedgerRecord, type Report, seconds } from '@holdfast/core';
import { actNames, catalogue, gaps, kinds, recoveries, recoveryTime } from '@holdfast/harness';

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

/**
 * From the request until the last of its pods was back and Ready, and the longest time without an
 * acknowledged write, by kind; then what was wanted and not done.
 */
function recoveryTable({ disruptions, notDone = [] }: Report): string {
  const writes = new Map(gaps(disruptions).map((summary) => [summary.kind, summary]));
  const gapCells = (kind: string) => {
    const gap = writes.get(kind);
    if (gap === undefined) return ['not measured', 'not measured'];
    if (gap.maxMs === null) return ['without end', 'without end'];
    return [recoveryTime(gap.medianMs), recoveryTime(gap.maxMs)];
  };
  const rows = recoveries(disruptions).map(({ kind, count, medianMs, maxMs, awayMs }) => {
    const those = disruptions.filter((record) => record.kind === kind);
    const pods = those.reduce((sum, { targets }) => sum + targets.length, 0);
    const away = awayMs === undefined ? '' : ` (${recoveryTime(awayMs)} of it away)`;
    const times = [recoveryTime(medianMs), `${recoveryTime(maxMs)}${away}`];
    return [kind, String(count), String(pods), ...times, ...gapCells(kind)];
  });
  const left = new Set(notDone.map(({ kind, reason }) => `- not done: ${kind}: ${reason}`));
  const header = ['disruption', 'times', 'pods', 'median', 'maximum', 'gap', 'longest gap'];
  return [table(header, rows), ...(left.size === 0 ? [] : [[...left].join('\n')])].join('\n\n');
}

/** How many writes a ledger had acknowledged in a second, the gaps of the disruptions left out. */
function paceOf({ name, acknowledged, durationMs }: LedgerRecord, { disruptions }: Report): string {
  const silentMs = disruptions.reduce((sum, { gapMs }) => sum + (gapMs?.[name] ?? 0), 0);
  const writtenMs = durationMs - silentMs;
  return writtenMs <= 0 ? '' : String(Math.round((acknowledged * 1000) / writtenMs));
}

/** What was written all the while, and read back at the end. */
function ledgerTable(report: Report): string {
  const rows = report.ledgers.map((ledger) => [
    `\`${ledger.name}\``,
    ...[
      ledger.acknowledged,
      ledger.lost.count,
      ledger.altered.count,
      ledger.foreign,
      ledger.unknown,
      ledger.failed,
    ].map(String),
    seconds(ledger.durationMs),
    paceOf(ledger, report),
    ledger.error ?? '',
  ]);
  const counts = ['acknowledged', 'lost', 'altered', 'foreign', 'without an answer', 'refused'];
  return table(['ledger', ...counts, 'written for', 'a second beside the gaps', 'error'], rows);
}

/** The checks that stand on an act: a step of a proof that is no disruption. */
const ofActs = new Set(
  catalogue.filter(({ needs }) => actNames.some((name) => name === needs)).map(({ id }) => id),
);

function checkTable(checks: readonly CheckResult[]): string {
  const rows = checks.map(({ id, title, verdict, summary }) => [id, title, verdict, summary]);
  return table(['check', 'what', 'verdict', 'seen'], rows);
}

/** What was written before the disruptions and was not there after one of them. */
function losses(checks: readonly CheckResult[]): string {
  const data = checks.filter(({ id }) => ['D1', 'D2', 'D3'].includes(id));
  if (data.length === 0) return 'not looked for';
  const lost = data.flatMap(({ evidence }) => evidence.filter(({ ok }) => !ok));
  return lost.length === 0 ? 'none' : lost.map(({ object }) => object).join(', ');
}

const killed = kinds.find(({ id }) => id === 'kill')?.title;
const backOff =
  'The kubelet starts a container again at once when it is killed for the first time, and 10, 20 and 40 s later\nwhen it is killed again before its pod is replaced.';

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
    ['lost', losses(report.checks)],
    ['took', seconds(report.durationMs)],
  ];
  const acts = report.checks.filter(({ id }) => ofActs.has(id));
  const others = report.checks.filter(({ id }) => !ofActs.has(id));
  return [
    `## ${chart.name} ${chart.version} (application ${chart.appVersion}), ${report.disruptions.length} disruptions`,
    table(['fact', 'value'], facts),
    'Recovery, from the request until all its pods were back and Ready. A gap is the longest time without an\nacknowledged write, in the ledger that it was longest in:',
    recoveryTable(report),
    ...(report.disruptions.some(({ kind }) => kind === killed) ? [backOff] : []),
    ...(report.ledgers.length === 0
      ? []
      : ['Writes, all the while, read back at the end:', ledgerTable(report)]),
    'Checks:',
    checkTable(others),
    ...(acts.length === 0
      ? []
      : ['What was done beside the disruptions, and what came of it:', checkTable(acts)]),
  ].join('\n\n');
}

/** The text of docs/proof.md. */
export function proofPage(reports: readonly Report[]): string {
  return `${[head, ...reports.map(section)].join('\n')}\n`;
}
