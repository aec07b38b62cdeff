/** What a watched object has in any case. */
export interface Watched {
  metadata: { name: string; uid: string; resourceVersion: string };
}

/** A change as the watch told it; `atMs` is this process' monotonic clock. */
export interface Change<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: T;
  atMs: number;
}

/**
 * What a fresh listing says has changed since the objects that were known: who is gone is told
 * first, since a pod's successor has its name.
 */
export function changesSince<T extends Watched>(
  known: ReadonlyMap<string, T>,
  items: readonly T[],
): Omit<Change<T>, 'atMs'>[] {
  const uids = new Set(items.map((item) => item.metadata.uid));
  const gone = [...known.values()].filter((item) => !uids.has(item.metadata.uid));
  return [
    ...gone.map((object) => ({ type: 'DELETED' as const, object })),
    ...items.map((object) => ({
      type: known.has(object.metadata.uid) ? ('MODIFIED' as const) : ('ADDED' as const),
      object,
    })),
  ];
}
