import { join } from 'node:path';
import { badInput, exitCode, HoldfastError } from '@holdfast/core';
import { compareChart, generateChart, writeChart, type GeneratedChart } from '@holdfast/generator';
import { printJson, printResult } from '../output.ts';
import { readText } from '../paths.ts';
import { commandLine } from '../shell.ts';
import type { Stop } from '../signals.ts';
import { findSources, type Source } from './sources.ts';

export interface GenerateOptions {
  output: string;
  check?: true;
  without?: string[];
  values?: string;
  json?: true;
}

/** A generated chart, what it was generated from, and the folder that it belongs in. */
interface Target {
  source: Source;
  chart: GeneratedChart;
  dir: string;
}

/** Two definitions of one name would overwrite each other. */
function assertDistinct(targets: readonly Target[]): void {
  for (const [index, { chart, source }] of targets.entries()) {
    const twin = targets.slice(0, index).find((other) => other.chart.name === chart.name);
    if (twin === undefined) continue;
    throw badInput(`two definitions have the name "${chart.name}"`, {
      object: `${twin.source.named}, ${source.named}`,
      hint: 'give one of them another name, or generate them into two folders with --output',
    });
  }
}

/** What is wrong for one of several applications need not be wrong for the others. */
function about(named: string, error: unknown): unknown {
  if (!(error instanceof HoldfastError)) return error;
  const { kind, message, object, hint } = error;
  return new HoldfastError({
    kind,
    message: `${named}: ${message}`,
    ...(object === undefined ? {} : { object }),
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

/** Everything is generated before anything is written: a bad definition leaves all as it was. */
async function generateAll(
  sources: readonly Source[],
  options: GenerateOptions,
): Promise<Target[]> {
  const { output, without = [], values: file } = options;
  const values = file === undefined ? {} : { values: await readText('--values', file) };
  const targets: Target[] = [];
  for (const source of sources) {
    const generated = generateChart(source.dir, { without, ...values });
    const chart = await generated.catch((error: unknown) => {
      throw sources.length > 1 ? about(source.named, error) : error;
    });
    targets.push({ source, chart, dir: join(output, chart.name) });
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

/** The command that brings charts up to date. */
function remedy(stale: readonly string[], options: GenerateOptions): string {
  const { output, without = [], values } = options;
  return commandLine([
    ...['holdfast', 'generate', ...stale, '--output', output],
    ...(without.length === 0 ? [] : ['--without', without.join(',')]),
    ...(values === undefined ? [] : ['--values', values]),
  ]);
}

async function check(targets: readonly Target[], options: GenerateOptions): Promise<number> {
  const json = options.json === true;
  const charts = [];
  const stale: string[] = [];
  for (const { chart, dir, source } of targets) {
    const drift = await compareChart(chart, dir);
    charts.push({ name: chart.name, version: chart.version, dir, drift });
    if (drift.length > 0) stale.push(source.named);
    if (json) continue;
    printResult(
      drift.length === 0
        ? `${chart.name} ${chart.version}: ${dir} is as it is generated`
        : `${chart.name} ${chart.version}: ${dir} differs from what is generated`,
    );
    for (const { kind, path } of drift) printResult(`  ${kind.padEnd(7)}  ${path}`);
  }
  if (json) printJson({ charts });
  else if (stale.length > 0) printResult(`bring it up to date: ${remedy(stale, options)}`);
  return stale.length === 0 ? exitCode.ok : exitCode.findings;
}

/**
 * `holdfast generate`: writes the charts of applications, or compares them with what is there.
 *
 * @param named names of applications, or folders that each hold an app.yaml; all applications when
 *   there are none
 * @returns what the process exits with: 1 for drift
 * @throws HoldfastError (badInput) for a name, a definition, a feature or a default that is wrong
 */
export async function generate(
  named: readonly string[],
  options: GenerateOptions,
  stop: Stop,
): Promise<number> {
  const targets = await generateAll(await findSources(named), options);
  stop.signal.throwIfAborted();
  return options.check === true ? check(targets, options) : write(targets, options.json === true);
}
