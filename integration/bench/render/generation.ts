import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Helm, runToSuccess } from '@holdfast/core';
import { generateChart, writeChart } from '@holdfast/generator';
import { cdk8sApp } from './cdk8s-app.ts';
import { root, shortName } from './find-subjects.ts';
import type { Subject } from './rounds.ts';
import { renderedObjects } from './template.ts';

/** What the measured calls are made with. */
export interface Bench {
  /** Everything is written below it. */
  folder: string;
  helm: Helm;
  signal: AbortSignal;
}

/** An application, and its objects for cdk8s. */
interface Prepared {
  dir: string;
  chart: string;
  objects: number;
  /** JSON: the objects that its chart renders to with its default values. */
  file: string;
}

/** Calls before the rounds, after which the engine has compiled what is called often. */
const warmUps = 20;

async function prepare(dir: string, { folder, helm }: Bench): Promise<Prepared> {
  const chart = await generateChart(dir);
  const written = join(folder, 'charts', chart.name);
  await writeChart(chart, written);
  const objects = await renderedObjects(written, helm);
  const file = join(folder, `${chart.name}.json`);
  await writeFile(file, JSON.stringify(objects));
  return { dir, chart: chart.name, objects: objects.length, file };
}

/** Both read their sources from disk and end with the text in memory. */
async function inProcessSubjects(app: Prepared): Promise<Subject[]> {
  const { chart, dir, file, objects } = app;
  const name = shortName(dir);
  const generate = () => generateChart(dir);
  const synthesise = async () => (await cdk8sApp(file)).synthYaml();
  for (let call = 0; call < warmUps; call++) {
    await generate();
    await synthesise();
  }
  // A process that was measured just before has taken the processor's caches: hence one call before.
  const warm = (call: () => Promise<unknown>) => ({ before: call, call });
  const common = { part: 'in-process', name, chart } as const;
  return [
    { ...common, tool: 'holdfast', ...warm(generate) },
    { ...common, tool: 'cdk8s', objects, ...warm(synthesise) },
  ];
}

/** Both begin with no folder to write into, and end with files in it. */
function processSubjects(app: Prepared, { folder, signal }: Bench): Subject[] {
  const { chart, dir, file, objects } = app;
  const node = (args: string[]) =>
    runToSuccess(join(root, 'scripts', 'node'), args, { cwd: root, signal });
  const subject = (tool: 'holdfast' | 'cdk8s', argsFor: (out: string) => string[]): Subject => {
    const out = join(folder, `out-${tool}`);
    return {
      ...{ part: 'process', tool, name: shortName(dir), chart },
      before: () => rm(out, { recursive: true, force: true }),
      call: () => node(argsFor(out)),
    };
  };
  const program = join(import.meta.dirname, 'cdk8s-main.ts');
  return [
    subject('holdfast', (out) => ['packages/cli/src/main.ts', 'generate', dir, '-o', out]),
    { ...subject('cdk8s', (out) => [program, file, out]), objects },
  ];
}

/**
 * Generating each application's chart, in this process and as a command, beside a cdk8s program that
 * makes the objects which the chart renders to.
 *
 * @throws HoldfastError when an application cannot be generated, or its chart does not render
 */
export async function generationSubjects(
  applications: readonly string[],
  bench: Bench,
): Promise<Subject[]> {
  const prepared: Prepared[] = [];
  for (const dir of applications) prepared.push(await prepare(dir, bench));
  const inProcess: Subject[] = [];
  for (const app of prepared) inProcess.push(...(await inProcessSubjects(app)));
  const { signal } = bench;
  const nothing: Subject = {
    part: 'process',
    tool: 'baseline',
    name: 'node --eval 0',
    chart: '',
    call: () => runToSuccess(join(root, 'scripts', 'node'), ['--eval', '0'], { cwd: root, signal }),
  };
  return [...inProcess, nothing, ...prepared.flatMap((app) => processSubjects(app, bench))];
}
