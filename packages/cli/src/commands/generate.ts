import { join } from 'node:path';
import { badInput, exitCode } from '@holdfast/core';
import { compareChart, generateChart, writeChart, type GeneratedChart } from '@holdfast/generator';
import { printJson, printResult } from '../output.ts';
import type { Stop } from '../signals.ts';

export interface GenerateOptions {
  output: string;
  check?: true;
  json?: true;
}

/** A generated chart, the folder that it was generated from, and the one that it belongs in. */
interface Target {
  source: string;
  chart: GeneratedChart;
  dir: string;
}

/** Two definitions of one name would overwrite each other. */
function assertDistinct(targets: readonly Target[]): void {
  for (const [index, { chart, source }] of targets.entries()) {
    const twin = targets.slice(0, index).find((other) => other.chart.name === chart.name);
    if (twin === undefined) continue;
    throw badInput(`two definitions have the name "${chart.name}"`, {
      object: `${twin.source}, ${source}`,
      hint: 'give one of them another name, or generate them into two folders with --output',
    });
  }
}

/** Everything is generated before anything is written: a bad definition leaves all as it was. */
async function generateAll(dirs: readonly string[], options: GenerateOptions): Promise<Target[]> {
  const targets: Target[] = [];
  for (const source of dirs) {
    const chart = await generateChart(source);
    targets.push({ source, chart, dir: join(options.output, chart.name) });
  }
  assertDistinct(targets);
  return targets;
}

async function write(targets: readonly Target[], json: boolean): Promise<number> {
  const charts = [];
  for (const { chart, dir } of targets) {
    const result = await writeChart(chart, dir);
    charts.push({ name: chart.name, version: chart.version, dir, ...result });
    const { created, changed, removed } = result;
    const counts = `${created.length} created, ${changed.length} changed, ${removed.length} removed`;
    if (!json) printResult(`${chart.name} ${chart.version} → ${dir}: ${counts}`);
  }
  if (json) printJson({ charts });
  return exitCode.ok;
}

async function check(targets: readonly Target[], output: string, json: boolean): Promise<number> {
  const charts = [];
  const stale: string[] = [];
  for (const { chart, dir, source } of targets) {
    const drift = await compareChart(chart, dir);
    charts.push({ name: chart.name, version: chart.version, dir, drift });
    if (drift.length > 0) stale.push(source);
    if (json) continue;
    printResult(
      drift.length === 0
        ? `${chart.name} ${chart.version}: ${dir} is as it is generated`
        : `${chart.name} ${chart.version}: ${dir} differs from what is generated`,
    );
    for (const { kind, path } of drift) printResult(`  ${kind.padEnd(7)}  ${path}`);
  }
  if (json) printJson({ charts });
  else if (stale.length > 0) {
    printResult(`bring it up to date: holdfast generate ${stale.join(' ')} --output ${output}`);
  }
  return stale.length === 0 ? exitCode.ok : exitCode.findings;
}

/**
 * `holdfast generate`: writes the charts of applications, or compares them with what is there.
 *
 * @param dirs folders that each hold an app.yaml
 * @returns what the process exits with: 1 for drift
 * @throws HoldfastError (badInput) for a definition that is wrong
 */
export async function generate(
  dirs: readonly string[],
  options: GenerateOptions,
  stop: Stop,
): Promise<number> {
  const targets = await generateAll(dirs, options);
  stop.signal.throwIfAborted();
  const json = options.json === true;
  return options.check === true ? check(targets, options.output, json) : write(targets, json);
}
