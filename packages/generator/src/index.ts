import { fileURLToPath } from 'node:url';
import { chartOf, type GeneratedChart } from './chart.ts';
import { load } from './load.ts';

export type { GeneratedChart } from './chart.ts';
export { appSchema } from './define.ts';
export { compareChart, writeChart, type Drift, type WriteResult } from './write.ts';

const defaultTemplates = fileURLToPath(new URL('../../../templates', import.meta.url));

/**
 * Generates the chart of an application; the same input gives the same bytes.
 *
 * @param dir folder that holds app.yaml
 * @param options.templates folder that holds _shared; without it the one of this repository
 * @throws HoldfastError (badInput) that names everything wrong in app.yaml, one line for each, by
 *   file, line, column and key
 */
export async function generateChart(
  dir: string,
  options: { templates?: string } = {},
): Promise<GeneratedChart> {
  return chartOf(await load(dir, options.templates ?? defaultTemplates));
}
