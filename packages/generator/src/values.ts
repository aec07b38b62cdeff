import { badInput } from '@holdfast/core';
import type { Context } from './context.ts';
import type { Feature } from './feature.ts';
import { isObject, mergeFragment, resolveReferences, type Shared } from './fragment.ts';
import type { ValueSchema } from './fragment.ts';
import type { Model, Role } from './model.ts';
import type { Renderer } from './render.ts';
import { parseRendered } from './source-text.ts';

/** The composed values: their schemas, and the heading that each top-level key stands below. */
export interface Values {
  properties: Record<string, ValueSchema>;
  /** Schemas that all values together must meet, for what one key's schema can't say. */
  rules: ValueSchema[];
  /** Headings by the first key that stands below them. */
  sections: Map<string, string>;
}

type Properties = Record<string, ValueSchema>;

/** The map of values at a key, which is made when it is missing. */
function child(into: Properties, key: string, description: string): ValueSchema {
  if (!Object.hasOwn(into, key)) into[key] = { type: 'object', description, properties: {} };
  return into[key] ?? {};
}

function propertiesOf(node: ValueSchema): Properties {
  return (node.properties ??= {});
}

/** The values of several roles stand beside those of the chart, below the names of the roles. */
function checkRoleKeys(model: Model, fragment: unknown): void {
  for (const { key, name, atRoot } of model.roles) {
    if (atRoot || !isObject(fragment) || !Object.hasOwn(fragment, key)) continue;
    throw badInput(`the role "${name}" has the name of a value that every chart has`, {
      object: `app.yaml roles`,
      hint: 'give the role another name',
    });
  }
}

/** A condition holds only for what is there: every key that it names is required. */
function requiring(condition: unknown): unknown {
  if (!isObject(condition) || !isObject(condition['properties'])) return condition;
  const entries = Object.entries(condition['properties']);
  const properties = Object.fromEntries(entries.map(([key, node]) => [key, requiring(node)]));
  return { ...condition, properties, required: Object.keys(properties) };
}

/** Reads the fragments of one feature after the other. */
function composer(
  values: Values,
  roles: Properties,
  model: Model,
  renderer: Renderer,
  shared: Shared,
) {
  const read = (feature: Feature, path: string, more: Partial<Context>): unknown => {
    const template = feature.file(path);
    if (template === undefined) return null;
    const text = renderer.render(template, { ...model, ...more });
    return resolveReferences(parseRendered(template.file, text), shared, template.file);
  };
  const add = (feature: Feature, path: string, into: Properties, more: Partial<Context>) => {
    const fragment = read(feature, path, more);
    if (fragment === null) return;
    if (into === values.properties) checkRoleKeys(model, fragment);
    mergeFragment(into, fragment, feature.file(path)?.file ?? path);
  };
  const addRules = (feature: Feature, path: string, into: ValueSchema[], role?: Role) => {
    const rules = read(feature, path, role === undefined ? {} : { role });
    if (rules === null) return;
    if (!Array.isArray(rules) || !rules.every(isObject)) {
      throw badInput('rules are a list of schemas', { object: feature.file(path)?.file ?? path });
    }
    for (const rule of rules) into.push({ ...rule, if: requiring(rule['if']) });
  };
  const addVolumes = (feature: Feature, role: Role, at: Properties) => {
    for (const volume of role.volumes) {
      const description = 'The claims that keep what the pods write';
      const all = propertiesOf(child(at, 'persistence', description));
      const into =
        volume.key === ''
          ? all
          : propertiesOf(child(all, volume.key, `Claims of "${volume.name}"`));
      add(feature, 'values.volume.yaml', into, { role, volume });
    }
  };
  return (feature: Feature) => {
    add(feature, 'values.yaml', values.properties, {});
    addRules(feature, 'rules.yaml', values.rules);
    for (const role of model.roles) {
      const node = role.atRoot ? undefined : child(roles, role.key, `The role "${role.name}"`);
      const at = node ? propertiesOf(node) : values.properties;
      add(feature, 'values.role.yaml', at, { role });
      if (feature.paths.includes('values.volume.yaml')) addVolumes(feature, role, at);
      const rules = node ? ((node['allOf'] ??= []) as ValueSchema[]) : values.rules;
      addRules(feature, 'rules.role.yaml', rules, role);
      if (node && rules.length === 0) delete node['allOf'];
    }
  };
}

/**
 * Composes the values of all features: values.yaml of each stands at the root, values.role.yaml at
 * the root or below the role's name, values.volume.yaml below `persistence`; rules.yaml and
 * rules.role.yaml are lists of schemas for the root and for the role.
 *
 * @param shared schemas that fragments refer to by name
 * @throws HoldfastError (badInput) for a fragment that is wrong
 */
export function composeValues(
  features: readonly Feature[],
  model: Model,
  renderer: Renderer,
  shared: Shared,
): Values {
  const values: Values = { properties: {}, rules: [], sections: new Map() };
  const roles: Properties = {};
  const compose = composer(values, roles, model, renderer, shared);
  for (const feature of features) {
    const before = new Set(Object.keys(values.properties));
    compose(feature);
    const first = Object.keys(values.properties).find((key) => !before.has(key));
    if (first !== undefined) values.sections.set(first, feature.title);
  }
  // What the whole chart has comes before what each role has.
  for (const [key, node] of Object.entries(roles)) {
    values.properties[key] = node;
    values.sections.set(key, node.description ?? key);
  }
  return values;
}
