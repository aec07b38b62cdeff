import { Ajv } from 'ajv';
import { badInput } from '@holdfast/core';
import { composeSets } from './ci-sets.ts';
import type { Context } from './context.ts';
import { define } from './define.ts';
import { chooseFeatures } from './features.ts';
import type { Sources } from './load.ts';
import { createRenderer, type Contribution } from './render.ts';
import { defaultsOf, printSchema, printTable, printValues } from './values-print.ts';
import { composeValues, type Values } from './values.ts';

/** A chart that stands nowhere yet. */
export interface GeneratedChart {
  name: string;
  version: string;
  /** Paths relative to the chart's folder, with forward slashes and in order; text. */
  files: Map<string, string>;
}

/** The schema must accept the defaults, or `helm install` without values would fail. */
function checkDefaults(values: Values, schema: string): void {
  const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
  const validate = ajv.compile(JSON.parse(schema) as object);
  if (validate(defaultsOf(values.properties))) return;
  const [error] = validate.errors ?? [];
  throw badInput(`a default is not what its own schema asks for: ${error?.message ?? ''}`, {
    object: `values ${error?.instancePath ?? ''}`,
  });
}

function checkPlaced(unplaced: readonly Contribution[]): void {
  const [first] = unplaced;
  if (first === undefined) return;
  throw badInput(`no template has the slot "${first.slot}"`, { object: first.template.file });
}

/**
 * Turns sources into a chart; pure.
 *
 * @throws HoldfastError (badInput) for a definition, a feature or a template that is wrong
 */
export function chartOf(sources: Sources): GeneratedChart {
  const { definition, model } = define(sources.definition.file, sources.definition.text);
  const { chosen, all } = chooseFeatures(sources, definition.without ?? []);
  const slots = all.flatMap((feature) => feature.contributions.map(({ slot }) => slot));
  const contributions = chosen.flatMap((feature) => feature.contributions);
  const renderer = createRenderer(contributions, [...new Set(slots)]);
  const values = composeValues(chosen, model, renderer);
  const { name, version } = model.app;
  const schema = printSchema(values, `Values of the chart ${name}`);
  checkDefaults(values, schema);

  const files = new Map<string, string>([
    ['values.yaml', printValues(values, `Values of the chart ${name}.`)],
    ['values.schema.json', schema],
    ...composeSets(chosen, model, renderer),
  ]);
  const root: Context = { ...model, valuesTable: printTable(values) };
  for (const manifest of chosen.flatMap((feature) => feature.manifests)) {
    const contexts =
      manifest.per === 'chart' ? [root] : model.roles.map((role) => ({ ...root, role }));
    for (const context of contexts) {
      const text = renderer.render(manifest.template, context);
      if (text === '') continue;
      const path = renderer.render(manifest.path, context).trim();
      if (files.has(path)) {
        throw badInput(`the file ${path} is written twice`, { object: manifest.template.file });
      }
      files.set(path, text);
    }
  }
  // The slots of a feature that is left out are gone with it.
  if ((definition.without ?? []).length === 0) checkPlaced(renderer.unplaced());
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, version, files: new Map(sorted) };
}
