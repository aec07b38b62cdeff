import type { ProofRecord, StepFinding } from '../observe/record.ts';
import { leftOut, type KnownSecrets } from './known-secrets.ts';

/** What a record calls that which programs have printed. */
const printed = new Set(['error', 'hostnameError', 'log']);

/** What it calls that which programs in a pod answer: marks of the proof and names of pods are no secrets. */
const answered = new Set(['nonce', 'served', 'linked', 'content', 'hostname']);

/** What stands for a text of a name; undefined where the text stays. */
type Substitute = (name: string, text: string) => string | undefined;

/** Of a step of Helm that failed the text is Helm's; all other texts are of Holdfast and the cluster. */
function withoutHelm(finding: StepFinding, left: string): StepFinding {
  const { object, ok } = finding;
  return !ok && object.startsWith('helm ') ? { ...finding, text: left } : finding;
}

/** The name under which what stands under a key of an object is judged. */
function nameOf(of: string, object: object, key: string): string {
  // The driver's program names what it prints.
  if (of === 'values') return of;
  // Why an act was skipped is in Holdfast's words; why it stopped may be in those of Helm or of a program.
  return key === 'reason' && 'state' in object && object.state === 'stopped' ? 'error' : key;
}

function visit(value: unknown, name: string, substitute: Substitute): unknown {
  if (typeof value === 'string') return substitute(name, value) ?? value;
  if (Array.isArray(value)) return value.map((entry) => visit(entry, name, substitute));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      visit(entry, nameOf(name, value, key), substitute),
    ]),
  );
}

/**
 * A record without what programs have printed, where this may hold secrets that are not known. Checks
 * conclude the same from it: of what they compare, equal texts are left out as equal ones.
 */
export function withoutOutput(record: ProofRecord, { unread }: KnownSecrets): ProofRecord {
  if (unread === undefined) return record;
  const left = leftOut(unread);
  const expected = new Set([
    ...record.marks.flatMap(({ nonce, content }) => [nonce, content]),
    ...record.observations.flatMap(({ pods }) => pods.map(({ name }) => name)),
  ]);
  const numbers = new Map<string, number>();
  const substitute: Substitute = (name, text) => {
    if (printed.has(name)) return left;
    if (answered.has(name)) return expected.has(text) ? undefined : left;
    if (name !== 'values') return undefined;
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return `value ${number}; ${left}`;
  };
  const install = record.install.map((finding) => withoutHelm(finding, left));
  return visit({ ...record, install }, '', substitute) as ProofRecord;
}
