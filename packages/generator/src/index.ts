import { fileURLToPath } from 'node:url';
import { chartOf, type ChartOptions, type GeneratedChart } from './chart.ts';
import { load } from './load.ts';

export type { ChartOptions, GeneratedChart } from './chart.ts';
export { findApplication, listApplications, listFeatures } from './catalogue.ts';
export { appSchema } from './define.ts';
export { compareChart, writeChart, type Drift, type WriteResult } from './write.ts';

/** The folder of this repository that holds _shared and the applications. */
export const defaultTemplates = fileURLToPath(new URL('../../../templates', import.meta.url));

/**
 * Generates the chart of an application; the same input gives the same bytes.
 *
 * @param dir folder that holds app.yaml
 * @param options.without features to leave out, besides those that the definition leaves out
 * @param options.values an organisation's own defaults, as the text of a YAML file
 * @param options.templates folder that holds _shared; without it the one of this repository
 * @throws HoldfastError (badInput) that names everything wrong in app.yaml, one line for each, by
 *   file, line, column and key
 */
export async function generateChart(
  dir: string,
  options: ChartOptions & { templates?: string } = {},
): Promise<GeneratedChart> {
  return chartOf(await load(dir, options.templates ?? defaultTemplates), options);
}
