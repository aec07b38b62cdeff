import { badInput } from '@holdfast/core';
import type { Context } from './context.ts';
import type { Feature } from './feature.ts';
import { mergeFragment, type ValueSchema } from './fragment.ts';
import type { Model, Role } from './model.ts';
import type { Renderer } from './render.ts';
import { parseRendered } from './source-text.ts';

/** The composed values: their schemas, and the heading that each top-level key stands below. */
export interface Values {
  properties: Record<string, ValueSchema>;
  /** Headings by the first key that stands below them. */
  sections: Map<string, string>;
}

type Properties = Record<string, ValueSchema>;

/** The map of values at a key, which is made when it is missing. */
function child(into: Properties, key: string, description: string): Properties {
  const node = (into[key] ??= { type: 'object', description, properties: {} });
  return (node.properties ??= {});
}

function volumesOf(role: Role, at: Properties, add: (into: Properties, context: object) => void) {
  for (const volume of role.volumes) {
    const all = child(at, 'persistence', 'The claims that keep what the pods write');
    const into = volume.key === '' ? all : child(all, volume.key, `Claims of "${volume.name}"`);
    add(into, { role, volume });
  }
}

/** The values of several roles stand beside those of the chart, below the names of the roles. */
function checkRoleKeys(model: Model, fragment: unknown): void {
  for (const { key, name, sole } of model.roles) {
    if (sole || !Object.keys(fragment ?? {}).includes(key)) continue;
    throw badInput(`the role "${name}" has the name of a value that every chart has`, {
      object: `app.yaml roles`,
      hint: 'give the role another name',
    });
  }
}

/**
 * Composes the values of all features: values.yaml of each stands at the root, values.role.yaml at
 * the root or below the role's name, values.volume.yaml below `persistence`.
 *
 * @throws HoldfastError (badInput) for a fragment that is wrong
 */
export function composeValues(
  features: readonly Feature[],
  model: Model,
  renderer: Renderer,
): Values {
  const properties: Properties = {};
  const sections = new Map<string, string>();
  for (const feature of features) {
    const before = new Set(Object.keys(properties));
    const add = (path: string, into: Properties, more: object) => {
      const template = feature.file(path);
      if (template === undefined) return;
      const context: Context = { ...model, ...more };
      const fragment = parseRendered(template.file, renderer.render(template, context));
      if (fragment === null) return;
      if (into === properties && !('role' in more)) checkRoleKeys(model, fragment);
      mergeFragment(into, fragment, template.file);
    };
    add('values.yaml', properties, {});
    for (const role of model.roles) {
      const at = role.sole ? properties : child(properties, role.key, `The role "${role.name}"`);
      add('values.role.yaml', at, { role });
      if (feature.file('values.volume.yaml')) {
        volumesOf(role, at, (into, more) => {
          add('values.volume.yaml', into, more);
        });
      }
    }
    const first = Object.keys(properties).find((key) => !before.has(key));
    if (first !== undefined) sections.set(first, feature.title);
  }
  return { properties, sections };
}
