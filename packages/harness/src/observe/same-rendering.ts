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

type Alike = (first: string, second: string, other: string) => boolean;

/** Whether texts have the same parts but for those in which the first two differ, which are alike in turn. */
function partsAlike(separator: RegExp, within: Alike): Alike {
  return (first, second, other) => {
    const [a, b, c] = [first, second, other].map((text) => text.split(separator));
    if (a === undefined || b?.length !== a.length || c?.length !== a.length) return false;
    return a.every((part, index) => {
      const [same = '', changed = ''] = [b[index], c[index]];
      return part === same ? part === changed : within(part, same, changed);
    });
  };
}

/**
 * Words that vary may be paths, of which a part only does. Where they have no part in common, they vary as
 * a whole: a slash is also a digit of base64.
 */
function wordsAlike(first: string, second: string, other: string): boolean {
  const others = second.split('/');
  if (!first.split('/').some((part, index) => part === others[index])) return true;
  return partsAlike(/\//, () => true)(first, second, other);
}

/** Whether a text differs from two others only in words in which they differ from each other. */
const variesAlike = partsAlike(/[\s"'`,;:@&=(){}[\]<>]+/, wordsAlike);

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
