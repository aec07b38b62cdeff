import { errorOf } from './error.fixture.ts';
import { generateChart } from './index.ts';
import { generated, type Chart } from './rules/chart.fixture.ts';
import type { Resource } from './rules/data.fixture.ts';
import { newFolder, once, writeFiles } from './rules/scratch.fixture.ts';

/** What every definition begins with. */
export const head = (name: string) => `apiVersion: holdfast.dev/v1
kind: Application
name: ${name}
description: A demonstration
appVersion: "1.0"
image: { repository: example/${name} }
`;

/** A folder with a definition, and with these files beside it. */
export async function folderOf(
  definition: string,
  files: Record<string, string> = {},
): Promise<string> {
  const dir = await newFolder();
  await writeFiles(dir, { 'app.yaml': definition, ...files });
  return dir;
}

/** The chart of a definition, generated when it is asked for. */
export function chartOf(
  name: string,
  definition: string,
  files: Record<string, string> = {},
): Chart {
  return generated(
    name,
    name,
    once(() => folderOf(definition, files)),
  );
}

/** The error of a definition that is refused. */
export async function refusal(definition: string, files: Record<string, string> = {}) {
  return errorOf(generateChart(await folderOf(definition, files)));
}

/** "Service/x", for a release in a single namespace. */
export const idOf = ({ kind, metadata }: Resource) => `${kind}/${metadata.name}`;
export const ids = (objects: readonly Resource[]) => objects.map(idOf).sort();
export const named = (objects: readonly Resource[], id: string) =>
  objects.find((one) => idOf(one) === id);
