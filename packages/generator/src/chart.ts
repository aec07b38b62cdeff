import { Ajv, type ValidateFunction } from 'ajv';
import { badInput } from '@holdfast/core';
import { bakeDefaults } from './bake.ts';
import { composeSets } from './ci-sets.ts';
import type { Context } from './context.ts';
import { camelCase } from './camel-case.ts';
import { define } from './define.ts';
import type { Manifest } from './feature.ts';
import { chooseFeatures } from './features.ts';
import { chartFiles } from './files.ts';
import type { Shared } from './fragment.ts';
import { guarded, withPresence } from './guard.ts';
import type { Sources } from './load.ts';
import type { Model } from './model.ts';
import { createRenderer, type Contribution } from './render.ts';
import { parseRendered } from './source-text.ts';
import { defaultsOf, printSchema, printTable, printValues } from './values-print.ts';
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

const ajv = new Ajv({
  allErrors: true,
  strict: false,
  validateFormats: false,
  // The schemas are ours, and each is for one use.
  meta: false,
  validateSchema: false,
  code: { optimize: false },
});
const validators = new Map<string, ValidateFunction>();

/** Compiles the schema of a chart's values, once for each text. */
function validatorOf(schema: string): ValidateFunction {
  const there = validators.get(schema);
  if (there) return there;
  const validate = ajv.compile(JSON.parse(schema) as object);
  validators.set(schema, validate);
  return validate;
}

/** The schema must accept the defaults, or `helm install` without values would fail. */
function checkDefaults(values: Values, schema: string, file: string | undefined): void {
  const validate = validatorOf(schema);
  if (validate(defaultsOf(values.properties))) return;
  const errors = validate.errors ?? [];
  const error = errors.find(({ keyword }) => keyword !== 'if') ?? errors[0];
  const key = (error?.instancePath ?? '').slice(1).replaceAll('/', '.');
  throw badInput(`a default is not what its own schema asks for: ${error?.message ?? ''}`, {
    object: `${file ?? 'values'} ${key}`,
  });
}

function checkPlaced(unplaced: readonly Contribution[]): void {
  const [first] = unplaced;
  if (first === undefined) return;
  throw badInput(`no template has the slot "${first.slot}"`, { object: first.template.file });
}

/** The contexts that a manifest is rendered for. */
function contextsOf(manifest: Manifest, root: Context, model: Model): Context[] {
  if (manifest.per === 'chart') return [root];
  const roles = model.roles.filter(
    ({ workload }) => manifest.for.length === 0 || manifest.for.includes(workload),
  );
  return roles.map((role) => ({ ...root, role }));
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
  const { chosen, all } = chooseFeatures(sources, defined, without);
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
  const composed = composeValues(chosen, model, renderer, shared);
  const values = options.values
    ? bakeDefaults(composed, options.values.file, options.values.text)
    : composed;
  const { name, version } = model.app;
  const schema = printSchema(values, `Values of the chart ${name}`);
  checkDefaults(values, schema, options.values?.file);

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
  // The slots of a feature that is left out are gone with it.
  if (without.length === 0) checkPlaced(renderer.unplaced());
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  return { name, version, files: new Map(sorted) };
}
