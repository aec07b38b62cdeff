/** What stands where a secret stood. */
export const redacted = '<redacted>';

const minLength = 6;
const secretKey =
  /pass|pwd|secret|token|credential|private|dsn|conn(?:ection)?[-_]?str|(?:api|access|account|encryption|licen[cs]e|signing)[-_]?key/i;

type Json = Record<string, unknown>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): string[] {
  return isRecord(value) ? Object.values(value).filter((entry) => typeof entry === 'string') : [];
}

/**
 * The values that Secret objects hold, plain and in base64; those too short to be told from other
 * text are left out, and so are Helm's own records.
 */
export function secretValues(objects: readonly unknown[]): string[] {
  const values = objects.filter(isRecord).flatMap((object) => {
    const type = object['type'];
    if (object['kind'] !== 'Secret' || type === 'helm.sh/release.v1') return [];
    const data = strings(object['data']);
    const plain = [
      ...data.map((value) => Buffer.from(value, 'base64').toString('utf8')),
      ...strings(object['stringData']),
    ];
    return [...plain, ...plain.map((value) => value.trim()), ...data];
  });
  return [...new Set(values)]
    .filter((value) => value.length >= minLength)
    .sort((a, b) => b.length - a.length);
}

/** A text without the given values. */
export function redactText(text: string, values: readonly string[]): string {
  return values.reduce((left, value) => left.replaceAll(value, redacted), text);
}

function redactNamed(value: Json): Json {
  const name = value['name'];
  const literal =
    typeof name === 'string' && secretKey.test(name) && typeof value['value'] === 'string';
  return literal ? { ...value, value: redacted } : value;
}

function blank(value: unknown): unknown {
  return isRecord(value)
    ? Object.fromEntries(Object.keys(value).map((key) => [key, redacted]))
    : value;
}

/**
 * JSON without secrets: the data of Secret objects, literal environment values whose name speaks of
 * one, the copy that kubectl keeps in an annotation, and the given values wherever they stand.
 */
export function redact<T>(value: T, values: readonly string[]): T {
  return visit(value, values) as T;
}

function visit(value: unknown, values: readonly string[]): unknown {
  if (typeof value === 'string') return redactText(value, values);
  if (Array.isArray(value)) return value.map((entry) => visit(entry, values));
  if (!isRecord(value)) return value;
  const object = redactNamed(value);
  const secret = object['kind'] === 'Secret';
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key]) => key !== 'managedFields' && !key.endsWith('/last-applied-configuration'))
      .map(([key, entry]) => [
        key,
        secret && (key === 'data' || key === 'stringData') ? blank(entry) : visit(entry, values),
      ]),
  );
}

/** Helm's syntax: a value ends at a comma that is neither escaped nor in a list's braces. */
const pairs = /([^,=]+)=(\{(?:\\.|[^}\\])*\}|(?:\\.|[^,\\])*)/g;

/** `KEY=VALUE` pairs without the values whose key speaks of a secret, and without those in URLs. */
export function redactPair(pair: string): string {
  return pair
    .replace(pairs, (whole, key: string) => (secretKey.test(key) ? `${key}=${redacted}` : whole))
    .replace(/(:\/\/[^/\s:@]*):[^/\s@]+@/g, `$1:${redacted}@`);
}
