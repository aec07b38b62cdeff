import { createWriteStream } from 'node:fs';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { HoldfastError, runToSuccess } from '@holdfast/core';
import { engineDone, inspectImage } from '@holdfast/harness';
import { buildGoProgram } from './go-program.ts';
import {
  helperRecipe,
  localReference,
  type Recipe,
  recipeDir,
  type Recipes,
  testbedDir,
} from './recipes.ts';
import { makeRoot } from './root-archive.ts';

/** On images that the test bed built: what from. */
export const fingerprintLabel = 'dev.holdfast.fingerprint';

const kubernetesPrograms = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubeadm',
  'kubectl',
  'kubelet',
];

export interface BuildContext {
  docker: Docker;
  /** For what is unfinished; removed with the session, however that ends. */
  folder: string;
  recipes: Recipes;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** Builds an image from a folder with a Dockerfile; nothing is pulled. */
async function buildFolder(
  { docker, signal }: BuildContext,
  folder: string,
  reference: string,
  labels: Record<string, string>,
): Promise<void> {
  const output = await docker.buildImage(
    { context: folder, src: await readdir(folder) },
    { t: reference, labels, version: '1', forcerm: true, abortSignal: signal },
  );
  await engineDone(docker, output).catch((cause: unknown) => {
    throw new HoldfastError({
      kind: 'internal',
      message: `the image could not be built: ${(cause as Error).message}`,
      object: reference,
      cause,
    });
  });
}

/** An image that holds one program and nothing else. */
async function buildProgramImage(
  context: BuildContext,
  work: string,
  name: string,
  program: string,
): Promise<string> {
  const folder = join(work, name);
  await mkdir(folder);
  await copyFile(join(testbedDir, 'node', 'program.Dockerfile'), join(folder, 'Dockerfile'));
  await copyFile(program, join(folder, 'program'));
  await chmod(join(folder, 'program'), 0o755);
  const reference = `holdfast.local/${name}:1`;
  await buildFolder(context, folder, reference, {});
  return reference;
}

async function saveImage(docker: Docker, reference: string, file: string): Promise<void> {
  await pipeline(await docker.getImage(reference).get(), createWriteStream(file));
}

/** Lays out what only the node image has: Kubernetes, and the images that the cluster starts with. */
async function addNodeParts(context: BuildContext, work: string, folder: string): Promise<void> {
  const { docker, recipes, say, signal } = context;
  await mkdir(join(folder, 'bin'));
  for (const role of ['node', 'server']) {
    await mkdir(join(folder, 'images', role), { recursive: true });
  }
  await cp(join(testbedDir, 'node'), join(folder, 'node'), { recursive: true });
  const pause = join(work, 'pause.bin');
  await runToSuccess('gcc', ['-Os', '-static', '-o', pause, join(testbedDir, 'node', 'pause.c')], {
    signal,
    installHint: 'apt-get install gcc libc6-dev',
  });
  const images = [await buildProgramImage(context, work, 'pause', pause)];
  for (const [name, version] of Object.entries(recipes.node.programs)) {
    say(`building ${name} ${version} from its Go module`);
    const program = await buildGoProgram(name, version, signal);
    const short = name.split('/').at(-1) ?? name;
    if (name === 'kubernetes') {
      await copyFile(program, join(folder, 'bin', 'kubernetes'));
      for (const alias of kubernetesPrograms) {
        await symlink('kubernetes', join(folder, 'bin', alias));
      }
    } else {
      images.push(await buildProgramImage(context, work, short, program));
    }
  }
  const save = (image: string, role: 'node' | 'server') => {
    const file = join(folder, 'images', role, `${image.replace(/\W/g, '-')}.tar`);
    return saveImage(docker, image, file);
  };
  await save(localReference(helperRecipe(recipes), recipes), 'node');
  for (const image of images) await save(image, image.includes('/pause:') ? 'node' : 'server');
}

/**
 * Builds a stand-in image from packages, under its own name, into the local engine.
 *
 * @param key the recipe's fingerprint, kept as a label
 * @returns the image's reference
 */
export async function buildImage(
  context: BuildContext,
  recipe: Recipe,
  key: string,
): Promise<string> {
  const { recipes, say, signal } = context;
  const work = await mkdtemp(join(context.folder, 'build-'));
  try {
    const folder = join(work, 'context');
    await cp(recipeDir(recipe), folder, { recursive: true });
    say(`collecting ${recipe.packages.length} Debian packages for ${recipe.name}`);
    const setup = join(recipeDir(recipe), 'setup.sh');
    const root = await makeRoot(
      recipe.name,
      key,
      recipes.suite,
      recipe.packages,
      setup,
      work,
      signal,
    );
    await copyFile(root, join(folder, 'root.tar'));
    if (recipe.programs) await addNodeParts(context, work, folder);
    const reference = localReference(recipe, recipes);
    say(`building ${reference}`);
    const former = await inspectImage(context.docker, reference);
    await buildFolder(context, folder, reference, { [fingerprintLabel]: key });
    const built = await inspectImage(context.docker, reference);
    if (former && former.Id !== built?.Id) {
      // Somebody may still run it: then it stays.
      const image = context.docker.getImage(former.Id);
      await image.remove().catch(() => {});
    }
    return reference;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
