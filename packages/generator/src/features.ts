import { badInput } from '@holdfast/core';
import { parseFeature, type Feature } from './feature.ts';
import type { Sources } from './load.ts';
import { suggest } from './suggest.ts';

/** The features of a chart in their order, and all that there are. */
export interface Choice {
  chosen: Feature[];
  all: Feature[];
}

function checkTogether(chosen: readonly Feature[], object: string): void {
  const names = new Set(chosen.map(({ name }) => name));
  for (const { name, requires, conflicts } of chosen) {
    for (const other of requires) {
      if (names.has(other)) continue;
      throw badInput(`the feature "${name}" needs the feature "${other}"`, {
        object,
        hint: `leave out both, or neither`,
      });
    }
    for (const other of conflicts) {
      if (!names.has(other)) continue;
      throw badInput(`the features "${name}" and "${other}" exclude each other`, { object });
    }
  }
}

/**
 * Chooses a chart's features: those on by default but for the ones to leave out.
 *
 * @param without names of features to leave out
 * @throws HoldfastError (badInput) for a feature that does not exist, or that another one needs
 */
export function chooseFeatures(sources: Sources, without: readonly string[]): Choice {
  const all = [...sources.features].map(([name, folder]) =>
    parseFeature(name, `${sources.featuresDir}/${name}`, folder),
  );
  all.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  const object = `${sources.definition.file} without`;
  const names = all.map(({ name }) => name);
  for (const name of without) {
    if (names.includes(name)) continue;
    const hint = suggest(name, names);
    throw badInput(`there is no feature "${name}"`, hint ? { object, hint } : { object });
  }
  const chosen = all.filter((feature) => feature.default && !without.includes(feature.name));
  checkTogether(chosen, object);
  return { chosen, all };
}
