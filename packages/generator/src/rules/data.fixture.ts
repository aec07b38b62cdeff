/** JSON and YAML as data, and ways to look into it. */
export type Data = Record<string, unknown>;

/** An object of Kubernetes, as a chart renders it. */
export interface Resource extends Data {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Data; annotations?: Data };
  spec?: Data;
  data?: Data;
}

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a path; undefined where the path ends before. */
export function at(data: unknown, ...path: (string | number)[]): unknown {
  let value: unknown = data;
  for (const step of path) value = (value as Data | null | undefined)?.[step];
  return value;
}

/** The list at a path; none where there is none. */
export function listAt(data: unknown, ...path: (string | number)[]): Data[] {
  return (at(data, ...path) ?? []) as Data[];
}

export function keys(value: unknown): string[] {
  return Object.keys(value ?? {}).sort();
}

/** Values over values, as Helm lays them: maps are merged, null takes a key away. */
export function overlaid(under: Data, over: Data): Data {
  const result = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const there = result[key];
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = isData(there) && isData(value) ? overlaid(there, value) : value;
  }
  return result;
}

/** A value below a path of keys. */
export function nested(path: readonly string[], value: unknown): Data {
  const [key = '', ...rest] = path;
  return { [key]: rest.length === 0 ? value : nested(rest, value) };
}

/** The data without these keys, at any depth of maps. */
export function without(data: Data, names: readonly string[]): Data {
  const entries = Object.entries(data).filter(([key]) => !names.includes(key));
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isData(value) ? without(value, names) : value]),
  );
}

/** Do these values say that the application runs outside the cluster? */
export function isOutside(values: Data): boolean {
  return at(values, 'external', 'enabled') === true;
}

/** All strings in the data, those that are keys included, each with its path. */
export function strings(data: unknown, path = ''): [string, string][] {
  if (typeof data === 'string') return [[path, data]];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]): [string, string][] => [
    ...(Array.isArray(data) ? [] : [[path, key] satisfies [string, string]]),
    ...strings(value, `${path}/${key}`),
  ]);
}
