import type Docker from 'dockerode';
import { environmentError, messageOf } from '@holdfast/core';
import { pullImage } from '@holdfast/harness';
import { buildImage, fingerprintLabel } from './build-image.ts';
import { installRequirements } from './engine.ts';
import { fingerprint, localReference, readRecipes, type Recipe } from './recipes.ts';

/** Where an image comes from, and why it was decided so. */
export interface Decision {
  name: string;
  reference: string;
  source: 'pulled' | 'built' | 'cached';
  why: string;
  seconds: number;
}

/** The images that proofs on this machine run on. */
export interface Testbed {
  decisions: Decision[];
  /** The node image. */
  node: string;
  /** The client pod's image. */
  client: string;
  /** Whether charts run on upstream images; if not, they need the values in ./values. */
  upstream: boolean;
}

export interface PrepareOptions {
  docker: Docker;
  mayInstall: boolean;
  say: (line: string) => void;
  signal: AbortSignal;
}

async function labelOf(
  docker: Docker,
  reference: string,
  label: string,
): Promise<string | undefined> {
  const image = await docker
    .getImage(reference)
    .inspect()
    .catch(() => undefined);
  return (image?.Config.Labels as Record<string, string> | null | undefined)?.[label];
}

async function has(docker: Docker, reference: string): Promise<boolean> {
  return docker
    .getImage(reference)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

/** Pulls an image; answers why not when the registry can't be reached, throws when it refuses. */
async function pull(docker: Docker, reference: string): Promise<string | undefined> {
  try {
    await pullImage(docker, reference);
    return undefined;
  } catch (cause) {
    const message = messageOf(cause)
      .replace(/^.*server error - /s, '')
      .trim();
    if (
      /no such host|dial tcp|timeout|refused|unreachable|proxyconnect|TLS|x509|EOF/i.test(message)
    ) {
      return message;
    }
    throw environmentError(`the registry answers, but does not give the image: ${message}`, {
      object: reference,
      hint: 'log in with `docker login`, or build stand-ins with HOLDFAST_IMAGES=build',
      cause,
    });
  }
}

/** Which registries were found out of reach, and why, in this run. */
type Unreachable = Map<string, string>;

function registryOf(reference: string): string {
  return reference.slice(0, reference.indexOf('/'));
}

async function decidePull(
  options: PrepareOptions,
  recipe: Recipe,
  unreachable: Unreachable,
): Promise<{ why: string; pulled: boolean }> {
  if (process.env['HOLDFAST_IMAGES'] === 'build') {
    return { pulled: false, why: 'HOLDFAST_IMAGES=build' };
  }
  if (await has(options.docker, recipe.upstream)) {
    return { pulled: true, why: 'the engine has the upstream image' };
  }
  const registry = registryOf(recipe.upstream);
  const known = unreachable.get(registry);
  if (known !== undefined) return { pulled: false, why: `${registry} does not answer` };
  const failure = await pull(options.docker, recipe.upstream);
  if (failure === undefined) return { pulled: true, why: `${registry} answers` };
  unreachable.set(registry, failure);
  if (process.env['HOLDFAST_IMAGES'] === 'pull') {
    throw environmentError(`the image can not be pulled: ${failure}`, {
      object: recipe.upstream,
      hint: 'unset HOLDFAST_IMAGES to build a stand-in where no registry answers',
    });
  }
  return { pulled: false, why: `${registry} does not answer` };
}

/**
 * Makes the images of the test bed available in the engine: pulled where a registry answers, else
 * built from packages, once for each state of their sources.
 *
 * @throws HoldfastError with the remedy when an image can neither be pulled nor built
 */
export async function prepareTestbed(options: PrepareOptions): Promise<Testbed> {
  const { docker, say, signal } = options;
  const recipes = await readRecipes();
  const unreachable: Unreachable = new Map();
  const decisions: Decision[] = [];
  for (const recipe of [...recipes.images, recipes.node]) {
    signal.throwIfAborted();
    const began = performance.now();
    const { pulled, why } = await decidePull(options, recipe, unreachable);
    const decide = (source: Decision['source'], reference: string) => {
      const seconds = (performance.now() - began) / 1000;
      decisions.push({ name: recipe.name, reference, source, why, seconds });
      say(`${recipe.name}: ${reference} ${source} in ${seconds.toFixed(1)} s (${why})`);
    };
    if (pulled) {
      decide('pulled', recipe.upstream);
      continue;
    }
    const reference = localReference(recipe, recipes);
    const key = await fingerprint(recipe, recipes);
    if ((await labelOf(docker, reference, fingerprintLabel)) === key) {
      decide('cached', reference);
      continue;
    }
    if (options.mayInstall) await installRequirements(options);
    decide('built', await buildImage({ docker, recipes, say, signal }, recipe, key));
  }
  const reference = (name: string) =>
    decisions.find((decision) => decision.name === name)?.reference ?? '';
  return {
    decisions,
    node: reference(recipes.node.name),
    client: reference('busybox'),
    upstream: decisions.every((decision) => decision.source === 'pulled'),
  };
}
