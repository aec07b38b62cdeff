import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { HoldfastError } from '@holdfast/core';

/** One image of the test bed: upstream's, and what it is built from where that can't be had. */
export interface Recipe {
  name: string;
  /** What the proofs need it for. */
  why: string;
  /** The upstream image's full reference. */
  upstream: string;
  /** The key or keys that the image stands under in a chart's values, by chart; "*" is every chart. */
  values?: Record<string, string | string[]>;
  /** Debian packages whose files make the root. */
  packages: string[];
  /** Go modules built into it, with their versions. */
  programs?: Record<string, string>;
}

export interface Recipes {
  /** The Debian suite that packages are taken from. */
  suite: string;
  images: Recipe[];
  node: Recipe & { programs: Record<string, string> };
}

/** The folder of the test bed's own files. */
export const testbedDir = import.meta.dirname;

/** Reads images.yaml. */
export async function readRecipes(): Promise<Recipes> {
  return parse(await readFile(join(testbedDir, 'images.yaml'), 'utf8')) as Recipes;
}

/** The image of the client pod, and of the pods that make volumes on the nodes of the stand-in. */
export function helperRecipe(recipes: Recipes): Recipe {
  const helper = recipes.images.find(({ name }) => name === 'busybox');
  if (helper) return helper;
  throw new HoldfastError({ kind: 'internal', message: 'images.yaml names no busybox' });
}

/** The places in the values of charts that an image stands at: a chart, or "*", and a key. */
export function placesOf({ values = {} }: Recipe): { chart: string; key: string }[] {
  return Object.entries(values).flatMap(([chart, keys]) =>
    [keys].flat().map((key) => ({ chart, key })),
  );
}

/** The stand-in's reference: under a name of its own, never under upstream's. */
export function localReference(recipe: Recipe, recipes: Recipes): string {
  const tag = recipe.programs?.['kubernetes']?.replace(/^v/, '') ?? recipes.suite;
  return `holdfast.local/${recipe.name}:${tag}`;
}

/** The folder that a recipe's Dockerfile and files stand in. */
export function recipeDir(recipe: Recipe): string {
  return join(testbedDir, recipe.programs ? 'node' : join('images', recipe.name));
}

/** The sources whose change may change every image. */
const buildSources = ['build-image.ts', 'go-program.ts', 'root-archive.ts'];

/** A hash of the files of folders, with their paths relative to the test bed. */
export async function hashFolders(folders: readonly string[], seed = ''): Promise<string> {
  const hash = createHash('sha256').update(seed);
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
      hash.update(file.slice(testbedDir.length)).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** A hash of all that an image is built from: a change of it builds the image anew. */
export async function fingerprint(recipe: Recipe, recipes: Recipes): Promise<string> {
  const sources = await Promise.all(
    buildSources.map((source) => readFile(join(testbedDir, source), 'utf8')),
  );
  const seed = JSON.stringify([recipe, recipes.suite, sources]);
  const folders = [recipeDir(recipe)];
  if (recipe.programs) folders.push(join(testbedDir, 'kubernetes'));
  return hashFolders(folders, seed);
}
