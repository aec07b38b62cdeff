import { posix } from 'node:path';

/** Something in a driver that is not as it must be. */
export interface Fault {
  /** The key with those above it: "ledger.write". */
  key: string;
  /** What is wrong, as a sentence. */
  message: string;
  /** The keys that there may be in its place. */
  known: readonly string[];
}

/** What a value must be: undefined where it is, else how that is said. */
type Rule = (value: unknown) => string | undefined;

/** A mapping with these keys and no others. */
interface Keys {
  keys: Readonly<Record<string, Shape>>;
  required: readonly string[];
}

/** A mapping from names that are its author's. */
interface Each {
  each: Shape;
}

type Shape = Rule | Keys | Each;

const fileName = /^[A-Za-z0-9._-]+$/;

function text(pattern: RegExp, must: string): Rule {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : must);
}

function isFileName(must: string): Rule {
  const plain = text(fileName, must);
  return (value) => plain(value) ?? (value === '.' || value === '..' ? must : undefined);
}

function oneOf(values: readonly unknown[]): Rule {
  const must = values.length === 1 ? `be ${String(values[0])}` : `be ${values.join(' or ')}`;
  return (value) => (values.includes(value) ? undefined : must);
}

const flag = oneOf([true, false]);
const script = isFileName('be the name of a script beside driver.yaml, as read.sh');
const objectName = text(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, 'be the name of an object, as web');

const path: Rule = (value) =>
  typeof value === 'string' && posix.isAbsolute(value)
    ? undefined
    : 'be an absolute path in the container, as /data';

const port: Rule = (value) =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536
    ? undefined
    : 'be a port number, 1 to 65535';

const pairs: Rule = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((pair) => typeof pair === 'string' && /^[^=\s]+=/.test(pair))
    ? undefined
    : 'be a list of KEY=VALUE, as --set takes them';

const credential: Keys = {
  keys: {
    key: text(/^[A-Za-z0-9._-]+$/, 'be the key of a Secret, as password'),
    optional: flag,
  },
  required: ['key'],
};

const driver: Keys = {
  keys: {
    apiVersion: oneOf(['holdfast.dev/v1']),
    kind: oneOf(['Driver']),
    set: objectName,
    path,
    served: {
      keys: { file: isFileName('be a plain file name, as holdfast-nonce.txt'), script },
      required: ['file', 'script'],
    },
    ledger: {
      keys: { write: script, read: script, image: objectName },
      required: ['write', 'read'],
    },
    identity: script,
    port,
    service: objectName,
    credentials: { each: credential },
    without: pairs,
    lock: isFileName('be the name of a file in the data folder, as .lock'),
    outside: pairs,
    copies: flag,
    claims: oneOf(['required', 'none']),
  },
  required: ['apiVersion', 'kind'],
};

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The shape of an entry; undefined where there may be none of that name. */
function shapeOf(shape: Keys | Each, name: string): Shape | undefined {
  if ('keys' in shape) return shape.keys[name];
  return fileName.test(name) ? shape.each : undefined;
}

/** @param known the keys beside `key` */
function faultIn(value: unknown, shape: Shape, key: string, known: string[]): Fault | undefined {
  const what = key === '' ? 'the driver' : key;
  if (typeof shape === 'function') {
    const must = shape(value);
    return must === undefined ? undefined : { key, message: `${what} must ${must}`, known };
  }
  if (!isMapping(value)) return { key, message: `${what} must be a mapping of keys`, known };
  const inside = (name: string) => (key === '' ? name : `${key}.${name}`);
  const names = 'keys' in shape ? Object.keys(shape.keys) : [];
  const lacking = 'keys' in shape ? shape.required.find((name) => !(name in value)) : undefined;
  if (lacking !== undefined) {
    return { key: inside(lacking), message: `${what} lacks ${lacking}`, known: names };
  }
  for (const [name, entry] of Object.entries(value)) {
    const inner = shapeOf(shape, name);
    const fault = inner
      ? faultIn(entry, inner, inside(name), names)
      : { key: inside(name), message: `${what} has an unknown key`, known: names };
    if (fault) return fault;
  }
  return undefined;
}

/** The first thing in a driver that is not as it must be. */
export function driverFault(value: unknown): Fault | undefined {
  return faultIn(value, driver, '', []);
}
