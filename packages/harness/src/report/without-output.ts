import type { KnownSecrets } from './known-secrets.ts';

/** What a record calls that which programs have printed. */
const printed = new Set(['error', 'log']);

function visit(value: unknown, left: string): unknown {
  if (Array.isArray(value)) return value.map((entry) => visit(entry, left));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      printed.has(key) && typeof entry === 'string' ? left : visit(entry, left),
    ]),
  );
}

/** A record without what programs have printed, where this may hold secrets that are not known. */
export function withoutOutput<T>(record: T, { unread }: KnownSecrets): T {
  if (unread === undefined) return record;
  const left = `what was printed is left out: it may hold secrets that could not be read (${unread})`;
  return visit(record, left) as T;
}
