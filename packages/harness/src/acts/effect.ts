import { HoldfastError } from '@holdfast/core';
import { renderChart } from '../kube/release.ts';
import { parseManifests, type RenderedObject } from '../observe/manifests.ts';
import { isSameRendering } from '../observe/same-rendering.ts';
import { ActSkipped, type Stage } from './stage.ts';

async function render(
  { helm, spec }: Stage,
  set: readonly string[] = [],
): Promise<RenderedObject[]> {
  return parseManifests(await renderChart(helm, { ...spec, set: [...spec.set, ...set] }));
}

/**
 * Sees that values of a driver mean something to the chart, which may be another than the one that the
 * driver was written for.
 *
 * @param key where the driver has them
 * @throws ActSkipped where the chart does not render with them, or surely the same as without
 */
export async function assertEffect(
  stage: Stage,
  set: readonly string[],
  key: 'without' | 'outside',
): Promise<void> {
  const values = `the driver's values (${key})`;
  const again = await render(stage);
  const changed = await render(stage, set).catch((error: unknown) => {
    if (!(error instanceof HoldfastError) || error.kind !== 'badInput') throw error;
    throw new ActSkipped(`${values} are not for this chart: ${error.message}`);
  });
  if (isSameRendering(stage.objects, again, changed)) {
    throw new ActSkipped(`${values} change nothing in this chart`);
  }
}
