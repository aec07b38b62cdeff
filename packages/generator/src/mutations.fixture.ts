import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { isObject } from './fragment.ts';

/** Text that YAML, JavaScript, Helm or the generator could take for more than text. */
const odd = fc.oneof(
  fc.constantFrom(
    ...['', ' ', '\t', '\n', '\r\n', '-', ':', '#', '~', 'null', 'true', 'yes', 'on', '.inf'],
    ...[
      '.nan',
      '0x1F',
      '0o17',
      '0644',
      '1_000',
      '1e999',
      '12:30:45',
      '2001-01-01',
      '9'.repeat(400),
    ],
    ...['{{ .Values.x }}', '{{', '}}', '<% app.name %>', '<%', '%>', '\uE000', '\0', '\x85'],
    ...[
      '\u2028',
      '\uFEFF',
      '\uD800',
      '海藻',
      '🌊',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
    ],
    ...[
      '../../etc/passwd',
      'a/b',
      '..',
      '.',
      '/',
      '/tmp',
      'a'.repeat(300),
      '&a',
      '*a',
      '!a',
      '|',
      '>',
    ],
    ...[
      '%',
      '@',
      '`',
      '"',
      "'",
      '[',
      '{',
      ']',
      '}',
      ',',
      '<<',
      '=',
      '?',
      '---',
      '...',
      '%YAML 1.1',
    ],
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

/** Values of every type, shallow and deep. */
const anything = fc.oneof(
  odd,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(odd, { maxLength: 3 }),
  fc.dictionary(odd, odd, { maxKeys: 3 }),
  fc.jsonValue({ maxDepth: 3 }),
);

type Path = (string | number)[];
function pathsOf(node: unknown, path: Path = []): Path[] {
  if (Array.isArray(node)) {
    return [path, ...node.flatMap((item, index) => pathsOf(item, [...path, index]))];
  }
  if (!isObject(node)) return [path];
  return [path, ...Object.entries(node).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

/** What stands around the last step of a path. */
function parentOf(data: unknown, path: Path): Record<string | number, unknown> {
  let at = data;
  for (const step of path.slice(0, -1)) at = (at as Record<string | number, unknown>)[step];
  return at as Record<string | number, unknown>;
}

/** One change of the data: by the number of the place, and what is put there. */
type Change = [kind: 'replace' | 'delete' | 'rename' | 'copy' | 'move', at: number, value: unknown];

export const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('replace', 'delete', 'rename', 'copy', 'move'),
  fc.nat(),
  anything,
);

/** Also "__proto__" becomes a key like any other. */
const plain = { enumerable: true, configurable: true, writable: true };

/** Changes data in its place; the root may become another one. */
export function changed(data: unknown, [kind, at, value]: Change): unknown {
  const given = structuredClone(value);
  const paths = pathsOf(data);
  const path = paths[at % paths.length] ?? [];
  const last = path.at(-1);
  if (last === undefined) return kind === 'replace' ? given : data;
  const parent = parentOf(data, path);
  const name = typeof given === 'string' ? given : `${String(last)}x`;
  if (kind === 'replace') parent[last] = given;
  else if (kind === 'rename' || kind === 'copy') {
    const there = structuredClone(parent[last]);
    if (Array.isArray(parent)) parent.push(there);
    else Object.defineProperty(parent, name, { ...plain, value: there });
    if (kind === 'rename') Reflect.deleteProperty(parent, last);
  } else if (kind === 'move') {
    const [other = []] = paths.slice((at * 7) % paths.length);
    parent[last] = structuredClone(
      other.length === 0 ? null : parentOf(data, other)[other.at(-1) ?? ''],
    );
  } else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
  return data;
}

const piece = fc.oneof(
  odd,
  fc.constantFrom('&a ', '*a', '&a [*a]', '? ', '!!set ', '!!binary ', '<<: *a', '\t', ': '),
);

/** One change of the text: a piece of it goes, another one comes. */
const edit = fc.tuple(fc.nat(), fc.nat(20), piece);

function edited(text: string, [at, length, other]: [number, number, string]): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + other + text.slice(start + length);
}

/** Texts that were valid before a few changes of what they say, or of how they are written. */
export function mutations(valid: readonly string[]): fc.Arbitrary<string> {
  const text = fc.constantFrom(...valid);
  const data = fc.constantFrom(...valid.map((one) => parse(one) as unknown));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(data, fc.array(change, { minLength: 1, maxLength: 3 }))
        .map(([before, changes]) => stringify(changes.reduce(changed, structuredClone(before)))),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(text, fc.array(edit, { minLength: 1, maxLength: 3 }))
        .map(([before, edits]) => edits.reduce(edited, before)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, fc.nat(), fc.constantFrom(1, 2, 5), odd)
        .map(([before, at, count, more]) => {
          const lines = before.split('\n');
          const start = at % lines.length;
          const twice = lines.slice(start, start + count);
          return lines.toSpliced(start, 0, ...twice, more).join('\n');
        }),
    },
    { weight: 1, arbitrary: anything.map((any) => stringify(any)) },
    { weight: 1, arbitrary: fc.array(odd, { maxLength: 20 }).map((parts) => parts.join('')) },
  );
}

/** Aliases that lead nowhere, to too much, or in a circle; and depth */
export const traps: readonly string[] = [
  'a: *nobody\n',
  'a: &a [*a]\n',
  '&a\nname: *a\n',
  '%YAML 1.1\n---\n<<: 1\n',
  '%YAML 1.1\n---\nname: !!binary aGVsbG8=\nroles: !!set { a }\n',
  '? [a, b]\n: c\n',
  '__proto__: { name: x }\n',
  '['.repeat(3000),
  Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  Array.from({ length: 9 }, (_, at) => {
    const content =
      at === 0
        ? '[1, 1, 1]'
        : `[${Array(9)
            .fill(`*a${at - 1}`)
            .join(', ')}]`;
    return `a${at}: &a${at} ${content}`;
  }).join('\n'),
];
