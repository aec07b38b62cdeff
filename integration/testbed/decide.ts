import type Docker from 'dockerode';
import { badInput, environmentError, messageOf } from '@holdfast/core';
import { inspectImage, pullImage } from '@holdfast/harness';
import type { Recipe } from './recipes.ts';

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
export type Unreachable = Map<string, string>;

function registryOf(reference: string): string {
  return reference.slice(0, reference.indexOf('/'));
}

/**
 * Decides whether an image is pulled, and pulls it then.
 *
 * @param unreachable is told of registries that do not answer, and spares asking them again
 * @throws HoldfastError (environment) when the registry answers and refuses; (badInput) for a
 *   misspelled wish
 */
export async function decidePull(
  docker: Docker,
  recipe: Recipe,
  unreachable: Unreachable,
): Promise<{ why: string; pulled: boolean }> {
  const wish = process.env['HOLDFAST_IMAGES'] ?? '';
  if (!['', 'build', 'pull'].includes(wish)) {
    throw badInput('HOLDFAST_IMAGES is neither build nor pull', {
      object: `HOLDFAST_IMAGES=${wish}`,
      hint: 'unset it to let the test bed decide for each image',
    });
  }
  if (wish === 'build') {
    return { pulled: false, why: 'HOLDFAST_IMAGES=build' };
  }
  if ((await inspectImage(docker, recipe.upstream)) !== undefined) {
    return { pulled: true, why: 'the engine has the upstream image' };
  }
  const registry = registryOf(recipe.upstream);
  const known = unreachable.get(registry);
  if (known !== undefined) return { pulled: false, why: `${registry} does not answer` };
  const failure = await pull(docker, recipe.upstream);
  if (failure === undefined) return { pulled: true, why: `${registry} answers` };
  unreachable.set(registry, failure);
  if (wish === 'pull') {
    throw environmentError(`the image can not be pulled: ${failure}`, {
      object: recipe.upstream,
      hint: 'unset HOLDFAST_IMAGES to build a stand-in where no registry answers',
    });
  }
  return { pulled: false, why: `${registry} does not answer` };
}
