import { join } from 'node:path';
import { findHelm, helmClient, type Helm } from '@holdfast/core';
import { parseAllDocuments } from 'yaml';
import { charts, type Chart } from './chart.fixture.ts';
import type { Data, Resource } from './data.fixture.ts';
import { once } from './scratch.fixture.ts';

/** What `helm template` is asked for. */
export interface Wish {
  /** One of the chart's own sets, by its file name. */
  set?: string;
  /** Values over those of the set. */
  values?: Data;
  release?: string;
  args?: readonly string[];
}

export interface Rendered {
  text: string;
  objects: Resource[];
}

/**
 * A Helm built from its module takes the cluster for Kubernetes 1.20 unless it is told; another one
 * for whatever it was made for.
 */
export const kubeVersion = ['--kube-version', '1.34.0'];

/** The release's namespace: no chart may know it. */
export const namespace = 'ours';

/** The longest name that a release can have: 53 characters. */
export const long = 'a'.repeat(53);

/** Helm's collector of garbage never pays in so short a run. */
const environment = { GOGC: 'off' };

/** Helm, found or built once. */
export const findClient: () => Promise<Helm> = once(async () => {
  const client = helmClient(await findHelm());
  return {
    ...client,
    run: (args, options = {}) => client.run(args, { ...options, env: environment }),
    succeed: (args, options = {}) => client.succeed(args, { ...options, env: environment }),
  };
});

/** What `helm template` prints, as text and as objects. */
export function parsed(text: string): Rendered {
  let objects: Resource[] | undefined;
  return {
    text,
    get objects() {
      return (objects ??= parseAllDocuments(text)
        .map((document) => document.toJS({ maxAliasCount: -1 }) as Resource | null)
        .filter((one) => one !== null));
    },
  };
}

/** Renders a chart's folder. */
export async function renderFolder(
  dir: string,
  { set, values, release = 'x', args = [] }: Wish = {},
): Promise<Rendered> {
  const client = await findClient();
  const files = [
    ...(set === undefined ? [] : ['-f', join(dir, 'ci', set)]),
    ...(values === undefined ? [] : ['-f', '-']),
  ];
  const input = values === undefined ? {} : { input: JSON.stringify(values) };
  const text = await client.succeed(
    ['template', release, dir, '--namespace', namespace, ...kubeVersion, ...files, ...args],
    input,
  );
  return parsed(text);
}

const renders = new Map<string, Promise<Rendered>>();

/** Renders a chart; the same wish is rendered once. */
export async function render(chart: Chart, wish: Wish = {}): Promise<Rendered> {
  const dir = await chart.dir();
  const key = JSON.stringify([dir, wish]);
  const there = renders.get(key);
  if (there) return there;
  const made = renderFolder(dir, wish);
  renders.set(key, made);
  return made;
}

/** Runs at most two at a time: each is a process of its own. */
export async function inPairs<T, R>(
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await run(items[index] as T);
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}

/** Renders a chart with each of its value sets. */
export async function renderSets(
  chart: Chart,
  wish: Omit<Wish, 'set'> = {},
): Promise<{ set: string; values: Data; rendered: Rendered }[]> {
  return inPairs(await chart.sets(), async ({ name, values }) => ({
    set: name,
    values,
    rendered: await render(chart, { ...wish, set: name }),
  }));
}

/** A group of tests for every chart. */
export function everyChart(tests: (chart: Chart) => void, over: readonly Chart[] = charts): void {
  for (const chart of over) {
    describe(`chart ${chart.title}`, function () {
      this.timeout(300_000);
      tests(chart);
    });
  }
}
