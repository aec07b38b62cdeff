import { assertChart, type Helm } from '@holdfast/core';
import { parse, parseAllDocuments } from 'yaml';
import type { Subject } from './rounds.ts';
import { shortName } from './find-subjects.ts';

/** What is compared differs by few milliseconds, which other work on the machine soon hides. */
const perRound = 4;

/**
 * The objects that a chart renders to with its default values.
 *
 * @throws HoldfastError (internal) with Helm's own words when it does not render
 */
export async function renderedObjects(chart: string, helm: Helm): Promise<unknown[]> {
  const text = await helm.succeed(['template', 'bench', chart]);
  const documents = parseAllDocuments(text);
  const objects = Array.isArray(documents) ? documents.map((one) => one.toJS() as unknown) : [];
  return objects.filter((object) => object !== null && object !== undefined);
}

async function templateSubject(
  chart: string,
  tool: 'holdfast' | 'peer',
  helm: Helm,
): Promise<Subject> {
  await assertChart(chart);
  const metadata = parse(await helm.succeed(['show', 'chart', chart])) as { name: string };
  return {
    part: 'helm',
    tool,
    name: shortName(chart),
    chart: metadata.name,
    objects: (await renderedObjects(chart, helm)).length,
    call: () => helm.succeed(['template', 'bench', chart]),
    perRound,
  };
}

/**
 * `helm template` of charts with their default values, beside `helm version`, which does nothing but
 * start Helm.
 *
 * @param charts ours
 * @param peers those of others, with their dependencies in `charts/`
 * @throws HoldfastError (badInput) for what is no chart; with Helm's own words when it does not render
 */
export async function templateSubjects(
  charts: readonly string[],
  peers: readonly string[],
  helm: Helm,
): Promise<Subject[]> {
  const subjects: Subject[] = [
    {
      part: 'helm',
      tool: 'baseline',
      name: 'helm version',
      chart: '',
      call: () => helm.succeed(['version']),
      perRound,
    },
  ];
  for (const chart of charts) subjects.push(await templateSubject(chart, 'holdfast', helm));
  for (const peer of peers) subjects.push(await templateSubject(peer, 'peer', helm));
  return subjects;
}
