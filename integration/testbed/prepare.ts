import { mkdir } from 'node:fs/promises';
import type Docker from 'dockerode';
import { assertSpace, cacheDir, environmentError, seconds, unlessAborted } from '@holdfast/core';
import { imageLabel } from '@holdfast/harness';
import { buildImage, fingerprintLabel } from './build-image.ts';
import { decidePull, type Unreachable } from './decide.ts';
import {
  fingerprint,
  helperRecipe,
  localReference,
  placesOf,
  readRecipes,
  type Recipe,
  type Recipes,
} from './recipes.ts';

/** Where an image comes from, and why it was decided so. */
export interface Decision {
  name: string;
  reference: string;
  source: 'pulled' | 'built' | 'cached';
  why: string;
}

/** The images that proofs on this machine run on. */
export interface Testbed {
  decisions: Decision[];
  /** The node image. */
  node: string;
  /** Whether the node image is k3s' own. */
  k3s: boolean;
  /** The client pod's image. */
  client: string;
  /** What stands in for images of charts: `KEY=VALUE` pairs as Helm's `--set` takes them, by chart. */
  sets: Record<string, string[]>;
}

/** The values that put a chart onto the images of this machine. */
export function setsFor(testbed: Testbed, chart: string): string[] {
  return [...(testbed.sets['*'] ?? []), ...(testbed.sets[chart] ?? [])];
}

/**
 * The reference of an image on this machine.
 *
 * @param name the test bed's own name of it, as "redis"
 */
export function imageOf({ decisions }: Testbed, name: string): string {
  const found = decisions.find((decision) => decision.name === name);
  if (found === undefined) throw new Error(`the test bed has no image ${name}`);
  return found.reference;
}

export interface PrepareOptions {
  docker: Docker;
  /** Installs what builds need, where that is allowed. */
  install: () => Promise<void>;
  /** For what is unfinished. */
  folder: string;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** What a first build of Kubernetes leaves in Go's caches and in ours, in bytes. */
const buildBytes = 10 * 1024 ** 3;

/** The stand-in for k3s runs on control groups of version 1 only. */
async function assertCgroupV1(docker: Docker): Promise<void> {
  const { CgroupVersion: version } = (await docker.info()) as { CgroupVersion?: string };
  if (version !== '2') return;
  throw environmentError(
    'the stand-in for k3s needs control groups of version 1, this engine has 2',
    {
      hint: 'load the k3s image into the engine (docker load), or let it reach a registry',
    },
  );
}

/** Builds a stand-in, unless the engine has one that was built from the same sources. */
async function provideStandIn(
  options: PrepareOptions,
  recipes: Recipes,
  recipe: Recipe,
): Promise<{ source: Decision['source']; reference: string }> {
  const { docker, folder, say, signal } = options;
  const reference = localReference(recipe, recipes);
  const key = await fingerprint(recipe, recipes);
  if ((await imageLabel(docker, reference, fingerprintLabel)) === key) {
    return { source: 'cached', reference };
  }
  await options.install();
  if (recipe.programs) {
    await assertCgroupV1(docker);
    const hint = 'make room, or name another folder with HOLDFAST_CACHE (and GOCACHE, GOMODCACHE)';
    await mkdir(cacheDir(), { recursive: true });
    await assertSpace(cacheDir(), buildBytes, 'building the cluster from sources', hint);
    // The nodes bring the image with which volumes are made.
    await provideStandIn(options, recipes, helperRecipe(recipes));
  }
  await buildImage({ docker, recipes, folder, say, signal }, recipe, key);
  return { source: 'built', reference };
}

/** What puts a chart onto a stand-in, as `--set` takes it. */
function pairs(key: string, reference: string): string[] {
  const [registry = '', repository = '', tag = ''] = reference.split(/[/:]/);
  return [`${key}.registry=${registry}`, `${key}.repository=${repository}`, `${key}.tag=${tag}`];
}

/**
 * Makes the images of the test bed available in the engine: pulled where a registry answers, else
 * built from packages, once for each state of their sources. Each image is decided for itself.
 *
 * @throws HoldfastError with the remedy when an image can neither be pulled nor built
 */
export async function prepareTestbed(options: PrepareOptions): Promise<Testbed> {
  const { say, signal } = options;
  const recipes = await readRecipes();
  const helper = helperRecipe(recipes);
  const unreachable: Unreachable = new Map();
  const testbed: Testbed = { decisions: [], node: '', k3s: false, client: '', sets: {} };
  for (const recipe of [...recipes.images, recipes.node]) {
    signal.throwIfAborted();
    const began = performance.now();
    const { pulled, why } = await unlessAborted(
      decidePull(options.docker, recipe, unreachable),
      signal,
    );
    const { source, reference } = pulled
      ? ({ source: 'pulled', reference: recipe.upstream } as const)
      : await provideStandIn(options, recipes, recipe);
    testbed.decisions.push({ name: recipe.name, reference, source, why });
    say(`${recipe.name}: ${reference} ${source} in ${seconds(performance.now() - began)} (${why})`);
    if (recipe === recipes.node) Object.assign(testbed, { node: reference, k3s: pulled });
    if (recipe === helper) testbed.client = reference;
    for (const { chart, key } of pulled ? [] : placesOf(recipe)) {
      (testbed.sets[chart] ??= []).push(...pairs(key, reference));
    }
  }
  return testbed;
}
