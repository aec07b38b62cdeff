import type { RenderedObject } from './manifests.ts';

/** The data of a Secret as it is meant, byte by byte. */
function decoded(object: RenderedObject): RenderedObject {
  const data: unknown = object['data'];
  if (object.kind !== 'Secret' || typeof data !== 'object' || data === null) return object;
  const texts = Object.entries(data).map(([key, value]: [string, unknown]) => {
    const text =
      typeof value === 'string' ? Buffer.from(value, 'base64').toString('latin1') : value;
    return [key, text] as const;
  });
  return { ...object, data: Object.fromEntries(texts) };
}

/** Every value in the objects that holds no others, by where it stands; with its type in front. */
function leavesOf(objects: readonly RenderedObject[]): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, path: string) => {
    const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    for (const [key, entry] of inner) visit(entry, `${path}\n${key}`);
    if (inner.length > 0) return;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    leaves.set(path, `${Array.isArray(value) ? 'array' : typeof value} ${text}`);
  };
  objects.map(decoded).forEach((object, index) => {
    const { namespace = '', name } = object.metadata;
    visit(object, [index, object.kind, namespace, name].join(' '));
  });
  return leaves;
}

function wordsOf(text: string): string[] {
  return text.split(/[\s"'`,;&=(){}[\]<>]+/);
}

/** Whether a text differs from two others only in words in which they differ from each other. */
function variesAlike(first: string, second: string, other: string): boolean {
  const [a, b, c] = [wordsOf(first), wordsOf(second), wordsOf(other)];
  if (a.length !== b.length || a.length !== c.length) return false;
  return a.every((word, index) => word !== b[index] || word === c[index]);
}

/**
 * Whether a chart is surely rendered the same with other values. Two renderings with the same values tell
 * what varies by itself, as a random password and the checksum of its Secret do; nothing else may differ,
 * not even in a text that has such a word. Where objects themselves come and go, nothing is sure.
 *
 * @param given the objects by the values as they are
 * @param again the same once more
 * @param changed the objects by the other values
 */
export function isSameRendering(
  given: readonly RenderedObject[],
  again: readonly RenderedObject[],
  changed: readonly RenderedObject[],
): boolean {
  const [a, b, c] = [leavesOf(given), leavesOf(again), leavesOf(changed)];
  if (a.size !== b.size || a.size !== c.size) return false;
  return [...a].every(([path, value]) => {
    const [same, other] = [b.get(path), c.get(path)];
    if (same === undefined || other === undefined) return false;
    return value === same ? value === other : variesAlike(value, same, other);
  });
}
