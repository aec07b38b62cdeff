import { badInput } from '@holdfast/core';
import type { Context } from './context.ts';
import type { Feature } from './feature.ts';
import { isObject } from './fragment.ts';
import type { Model } from './model.ts';
import type { Renderer } from './render.ts';
import { parseRendered } from './source-text.ts';
import { printYaml } from './values-print.ts';

type Data = Record<string, unknown>;

function merged(into: Data, more: Data): Data {
  const entries = Object.entries(more).map(([key, value]): [string, unknown] => {
    const there = into[key];
    return [key, isObject(there) && isObject(value) ? merged(there, value) : value];
  });
  return { ...into, ...Object.fromEntries(entries) };
}

/**
 * The value sets that a chart is tested with: of each feature ci/NAME.yaml for the chart and
 * ci/NAME.role.yaml for each role, merged by name into ci/NAME-values.yaml.
 *
 * @returns paths in the chart and their text; a set that nothing was put into is left out
 * @throws HoldfastError (badInput) for a file below ci that has another name
 */
export function composeSets(
  features: readonly Feature[],
  model: Model,
  renderer: Renderer,
): Map<string, string> {
  const sets = new Map<string, Data>();
  for (const feature of features) {
    for (const path of feature.paths) {
      const [, name, perRole] = /^ci\/([a-z-]+)(\.role)?\.yaml$/.exec(path) ?? [];
      const template = feature.file(path);
      if (!path.startsWith('ci/') || template === undefined) continue;
      if (name === undefined) {
        throw badInput('the value set would not be used', {
          object: template.file,
          hint: 'call it NAME.yaml or NAME.role.yaml, of lower-case letters and dashes',
        });
      }
      const add = (context: Context, key: string) => {
        const data = parseRendered(template.file, renderer.render(template, context));
        if (!isObject(data)) return;
        sets.set(name, merged(sets.get(name) ?? {}, key === '' ? data : { [key]: data }));
      };
      if (perRole === undefined) add(model, '');
      else for (const role of model.roles) add({ ...model, role }, role.atRoot ? '' : role.key);
    }
  }
  const names = [...sets.keys()].sort();
  return new Map(names.map((name) => [`ci/${name}-values.yaml`, `${printYaml(sets.get(name))}\n`]));
}
