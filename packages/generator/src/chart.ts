import { badInput } from '@holdfast/core';
import { bakeDefaults } from './bake.ts';
import { checkDefaults } from './check-defaults.ts';
import { composeSets } from './ci-sets.ts';
import type { Context } from './context.ts';
import { camelCase } from './camel-case.ts';
import { define } from './define.ts';
import type { Feature, Manifest } from './feature.ts';
import { chooseFeatures, type Choice } from './features.ts';
import { chartFiles } from './files.ts';
import type { Shared } from './fragment.ts';
import { guarded, withPresence } from './guard.ts';
import type { Sources } from './load.ts';
import type { Model } from './model.ts';
import { createRenderer } from './render.ts';
import { parseRendered } from './source-text.ts';
import { suggest } from './suggest.ts';
import { printSchema, printTable, printValues } from './values-print.ts';
import { composeValues, type Values } from './values.ts';

/** A chart that stands nowhere yet. */
export interface GeneratedChart {
  name: string;
  version: string;
  /** Paths relative to the chart's folder, with forward slashes and in order; text. */
  files: Map<string, string>;
}

/** What an organisation changes of a chart. */
export interface ChartOptions {
  /** Features to leave out, besides those that the definition leaves out. */
  without?: readonly string[];
  /** Defaults of its own, as the text of a YAML file. */
  values?: { file: string; text: string };
}

/** Slots that are no place in a template: their texts become conditions. */
const conditions = ['pods.if', 'service.if'];

/** Every contribution has a place, if not for these roles then for others. */
function checkPlaced(chosen: readonly Feature[], all: readonly Feature[]): void {
  const templates = all.flatMap((feature) => [...feature.manifests, ...feature.contributions]);
  const offered = templates.flatMap(({ template }) =>
    [...template.text.matchAll(/<% slot "([^"]+)"/g)].map(([, slot = '']) => slot),
  );
  for (const { contributions, at } of chosen) {
    contributions.forEach(({ slot }, index) => {
      if ([...conditions, ...offered].includes(slot)) return;
      throw badInput(`no template has the slot "${slot}"`, {
        object: at(['slots', index, 'slot']),
        hint: suggest(slot, offered) ?? 'no feature offers one',
      });
    });
  }
}

/** The contexts that a manifest is rendered for. */
function contextsOf(manifest: Manifest, root: Context, model: Model): Context[] {
  if (manifest.per === 'chart') return [root];
  const roles = model.roles.filter(
    ({ workload }) => manifest.for.length === 0 || manifest.for.includes(workload),
  );
  return roles.map((role) => ({ ...root, role }));
}

/** Puts an organisation's defaults into the values; names the feature of a key that was left out. */
function bake(
  compose: (features: readonly Feature[]) => Values,
  { chosen, leftOut }: Choice,
  given: ChartOptions['values'],
): Values {
  const values = compose(chosen);
  if (given === undefined) return values;
  const gone = leftOut.map((feature) => ({ feature: feature.name, values: compose([feature]) }));
  return bakeDefaults(values, given.file, given.text, gone);
}

/**
 * Turns sources into a chart; pure.
 *
 * @throws HoldfastError (badInput) for a definition, a feature, a template or defaults that are wrong
 */
export function chartOf(sources: Sources, options: ChartOptions = {}): GeneratedChart {
  const own = [...sources.application.keys()];
  const defined = define(sources.definition.file, sources.definition.text, own);
  const { definition } = defined;
  const without = [...(definition.without ?? []), ...(options.without ?? [])];
  const choice = chooseFeatures(sources, defined, without);
  const { chosen, all } = choice;
  checkPlaced(chosen, all);
  const slots = all.flatMap((feature) => [
    ...feature.offers,
    ...feature.contributions.map(({ slot }) => slot),
  ]);
  const names = new Set(chosen.map(({ name }) => name));
  const contributions = chosen.flatMap((feature) => feature.contributions);
  const renderer = createRenderer(contributions, [...new Set(slots)]);
  const features = Object.fromEntries(all.map(({ name }) => [camelCase(name), names.has(name)]));
  const model = withPresence({ ...defined.model, features }, renderer);
  const { file, text } = sources.definitions;
  const shared = parseRendered(file, text) as Shared;
  const compose = (some: readonly Feature[]) => composeValues(some, model, renderer, shared);
  const values = bake(compose, choice, options.values);
  const { name, version } = model.app;
  const schema = printSchema(values, `Values of the chart ${name}`);
  checkDefaults(values, schema, options.values);

  const files = new Map<string, string>([
    ['values.yaml', printValues(values, `Values of the chart ${name}.`)],
    ['values.schema.json', schema],
    ...composeSets(chosen, model, renderer),
    ...chartFiles(sources, chosen, model),
  ]);
  const root: Context = { ...model, valuesTable: printTable(values) };
  for (const manifest of chosen.flatMap((feature) => feature.manifests)) {
    for (const context of contextsOf(manifest, root, model)) {
      const text = renderer.render(manifest.template, context);
      if (text === '') continue;
      const path = renderer.render(manifest.path, context).trim();
      if (files.has(path)) {
        throw badInput(`the file ${path} is written twice`, { object: manifest.template.file });
      }
      files.set(path, manifest.guard ? guarded(text, manifest.guard, context, renderer) : text);
    }
  }
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, version, files: new Map(sorted) };
}
