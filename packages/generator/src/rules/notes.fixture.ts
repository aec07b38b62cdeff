import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Chart, copyOf } from './chart.fixture.ts';
import { type Rendered, type Wish, renderFolder } from './render.fixture.ts';

/** The name of the ConfigMap that holds the notes. */
const name = 'the-notes';

const template = `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data:
  notes: {{ tpl (.Files.Get "notes.txt") . | toJson }}
`;

/**
 * A copy of a chart that renders its notes as well: `helm template` leaves them out, and
 * `helm install` wants a cluster.
 *
 * @returns its folder
 */
export async function copyWithNotes(chart: Chart): Promise<string> {
  const dir = await copyOf(chart, { 'templates/the-notes.yaml': () => template });
  await rename(join(dir, 'templates', 'NOTES.txt'), join(dir, 'notes.txt'));
  await rm(join(dir, '.helmignore'), { force: true });
  return dir;
}

/** Renders the copy. */
export async function renderWithNotes(
  dir: string,
  wish: Wish,
): Promise<{ notes: string; rendered: Rendered }> {
  const rendered = await renderFolder(dir, wish);
  const found = rendered.objects.find(({ metadata }) => metadata.name === name);
  return { notes: String(found?.data?.['notes']), rendered };
}
