import type { Model, Role, Volume } from './model.ts';
import { specimen } from './specimen.ts';

/** What a template is rendered with: the model, and the role or volume that it is rendered for. */
export interface Context extends Model {
  role?: Role;
  volume?: Volume;
  /** The table of all values in Markdown; only the chart's README has it. */
  valuesTable?: string;
}

/** A context with one of everything that the given one has: what paths are checked against. */
export function shapeOf(context: Context): Context {
  const { main } = specimen;
  const [volume] = main.volumes;
  return {
    ...specimen,
    features: context.features,
    ...(context.role === undefined ? {} : { role: main }),
    ...(context.volume === undefined || volume === undefined ? {} : { volume }),
    ...(context.valuesTable === undefined ? {} : { valuesTable: '' }),
  };
}
