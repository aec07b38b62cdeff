import { badInput } from '@holdfast/core';
import type { Defined } from './define.ts';
import type { Definition } from './definition.ts';
import { featureOf, parseFeature, type Feature } from './feature.ts';
import type { Sources } from './load.ts';
import type { Model } from './model.ts';
import { parseSource } from './source-text.ts';
import { suggest } from './suggest.ts';

/** The features of a chart in their order, and all that there are. */
export interface Choice {
  chosen: Feature[];
  /** Those that would be in the chart if nobody had left them out. */
  leftOut: Feature[];
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

/** Does the model hold something at the path that the feature is for? */
function applies({ name, when }: Feature, model: Model): boolean {
  if (when === '') return true;
  let at: unknown = model;
  for (const step of when.split('.')) at = (at as Record<string, unknown> | undefined)?.[step];
  if (at === undefined) {
    throw badInput(`no model has "${when}"`, { object: `feature ${name} when` });
  }
  return Array.isArray(at) ? at.length > 0 : Boolean(at);
}

/** The place of the application's own values and contributions among those of the features. */
const ownOrder = 48;

/** An application's folder holds what a feature's may: fragments, slots, manifests, value sets. */
function ownFeature(sources: Sources, definition: Definition): Feature {
  const { name, title = name, description, slots = [], manifests = [] } = definition;
  const { file, text } = sources.definition;
  return featureOf(
    { name, order: ownOrder, title, description, slots, manifests },
    {
      file,
      at: (path) => parseSource(file, text).finding(path, 'value', '').object,
      dir: sources.applicationDir,
      folder: sources.application,
    },
  );
}

/**
 * Chooses a chart's features: those that apply to the application but for the ones to leave out, and
 * what its own folder brings.
 *
 * @param without names of features to leave out
 * @throws HoldfastError (badInput) for a feature that does not exist, or that another one needs
 */
export function chooseFeatures(
  sources: Sources,
  { definition, model }: Defined,
  without: readonly string[],
): Choice {
  const all = [...sources.features].map(([name, folder]) =>
    parseFeature(name, `${sources.featuresDir}/${name}`, folder),
  );
  all.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  const where = (name: string) =>
    definition.without?.includes(name) ? `${sources.definition.file} without` : `--without ${name}`;
  const names = all.map(({ name }) => name);
  for (const name of without) {
    if (names.includes(name)) continue;
    const hint = suggest(name, names);
    const object = where(name);
    throw badInput(`there is no feature "${name}"`, hint ? { object, hint } : { object });
  }
  const fitting = all.filter((feature) => applies(feature, model));
  const chosen = fitting.filter(({ name }) => !without.includes(name));
  checkTogether(chosen, `${sources.definition.file} without`);
  const own = ownFeature(sources, definition);
  const inOrder = [...chosen, own].sort((a, b) => a.order - b.order);
  const leftOut = fitting.filter(({ name }) => without.includes(name));
  return { chosen: inOrder, leftOut, all: [...all, own] };
}
