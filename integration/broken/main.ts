/**
 * `npm run -s proof:broken [-- --yes] [-- --times N] [-- NAME...]`: judges every chart that is broken on
 * purpose, and the same charts as they are, N times each, and prints how often exactly those checks
 * failed that had to. Exits 0 only when that was always so.
 */
import { parseArgs } from 'node:util';
import { messageOf, seconds } from '@holdfast/core';
import { stopOnSignals, withTestbed } from '../testbed/with-testbed.ts';
import { type BrokenChart, brokenCharts, soundCharts } from './charts.ts';
import { atOnce, type Court, openCourt } from './judge.ts';
import { isRight, type Outcome, outcomeTable } from './table.ts';

const { values, positionals } = parseArgs({
  options: { times: { type: 'string', default: '1' }, yes: { type: 'boolean', default: false } },
  allowPositionals: true,
});

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function outcomeOf(
  court: Court,
  chart: BrokenChart,
  time: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const began = performance.now();
  const ended = (failed: string[], error?: string): Outcome => {
    const ms = performance.now() - began;
    return { chart, failed, ms, ...(error === undefined ? {} : { error }) };
  };
  let lines: string[] = [];
  let outcome: Outcome;
  try {
    const judgement = await court.judge(chart, `${chart.name}-${time}`);
    ({ lines } = judgement);
    outcome = ended(judgement.failed);
  } catch (error) {
    signal.throwIfAborted();
    outcome = ended([], messageOf(error).split('\n')[0]);
  }
  const right = isRight(outcome);
  print(`${right ? 'right' : 'WRONG'}  ${chart.name} ${time}, ${seconds(outcome.ms)}`);
  if (!right) for (const line of [...lines, outcome.error ?? '']) print(`       ${line}`);
  return outcome;
}

/** Judges all charts as often as is asked, some at once; the first time of each before any second. */
async function judgeAll(
  court: Court,
  charts: readonly BrokenChart[],
  times: number,
  signal: AbortSignal,
): Promise<Outcome[]> {
  const waiting = Array.from({ length: times }, (_, index) =>
    charts.map((chart) => ({ chart, time: index + 1 })),
  ).flat();
  const outcomes: Outcome[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      outcomes.push(await outcomeOf(court, next.chart, next.time, signal));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes;
}

const times = Number(values.times);
const broken = await brokenCharts();
const all = [...broken, ...soundCharts(broken)];
const unknown = positionals.filter((name) => !all.some((chart) => chart.name === name));
if (unknown.length > 0 || !Number.isInteger(times) || times < 1) {
  print(`usage: npm run -s proof:broken -- [--times N] [NAME...]`);
  print(`the names are ${all.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const chosen = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const { signal } = stopOnSignals();
const began = performance.now();
const code = await withTestbed(process.argv.slice(2), signal, async (testbed) => {
  await using court = await openCourt(testbed, signal);
  const outcomes = await judgeAll(court, chosen, times, signal);
  for (const line of ['', ...outcomeTable(outcomes)]) print(line);
  const right = outcomes.filter(isRight).length;
  print(`${right} of ${outcomes.length} as they must, in ${seconds(performance.now() - began)}`);
  return right === outcomes.length ? 0 : 1;
});
process.exit(code);
