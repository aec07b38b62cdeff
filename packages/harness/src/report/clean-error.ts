import { redactText } from './redact.ts';

/** Takes values out of an error, of its causes, and of the errors that it holds. */
export function cleanError(
  error: unknown,
  values: readonly string[],
  seen = new Set<unknown>(),
): unknown {
  if (typeof error === 'string') return redactText(error, values);
  if (!(error instanceof Error) || seen.has(error)) return error;
  seen.add(error);
  for (const key of Object.getOwnPropertyNames(error)) {
    const value: unknown = Reflect.get(error, key);
    if (Array.isArray(value)) value.forEach((entry) => cleanError(entry, values, seen));
    else Reflect.set(error, key, cleanError(value, values, seen));
  }
  return error;
}
