import { HoldfastError, PollTimeout } from '@holdfast/core';
import { ApiFailure } from '../kube/failure.ts';
import { leftOut, type KnownSecrets } from './known-secrets.ts';
import { redactText } from './redact.ts';

/** Properties that name what failed, and quote nobody. */
const naming = new Set(['name', 'kind', 'object', 'hint', 'code', 'path', 'syscall']);

/**
 * An error's message as far as it quotes no program: the API server's own, and the first line of what
 * Holdfast says of input and machine, since logs stand below it. An internal one may quote anywhere.
 */
function ownWords(error: Error, left: string): string {
  const { message } = error;
  if (error instanceof ApiFailure) return message;
  if (error instanceof PollTimeout) {
    return `${message.slice(0, message.length - error.saw.length)}${left}`;
  }
  if (!(error instanceof HoldfastError) || error.kind === 'internal') return left;
  const [first = '', ...more] = message.split('\n');
  return more.length === 0 ? first : `${first}\n${left}`;
}

/** How the texts of an error are told where not all secrets are known, by the names of its properties. */
function tellerOf(error: Error, left: string): (key: string, text: string) => string {
  const { message } = error;
  const words = ownWords(error, left);
  return (key, text) => {
    if (naming.has(key)) return text;
    if (key === 'message') return words;
    // The message is repeated in it, before the calls.
    if (key === 'stack' && text.includes(message)) return text.replace(message, () => words);
    return left;
  };
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Takes secrets out of an error, of its causes, and of all that it holds. Where not all of them are
 * known, what may quote a program is left out.
 */
export function cleanError(error: unknown, { values, unread }: KnownSecrets): unknown {
  const left = unread === undefined ? undefined : leftOut(unread);
  /** What stands for a value: an error stays itself, since its kind counts; the rest is copied. */
  const done = new Map<object, unknown>();
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return left ?? redactText(value, values);
    if (typeof value !== 'object' || value === null) return value;
    if (done.has(value)) return done.get(value);
    if (value instanceof Error) return cleanOne(value);
    if (!Array.isArray(value) && !isPlain(value)) return value;
    const copy: object = Array.isArray(value) ? [] : {};
    done.set(value, copy);
    for (const [key, entry] of Object.entries(value)) Reflect.set(copy, key, clean(entry));
    return copy;
  };
  const cleanOne = (value: Error): Error => {
    done.set(value, value);
    const tell = left === undefined ? undefined : tellerOf(value, left);
    for (const key of Object.getOwnPropertyNames(value)) {
      const entry: unknown = Reflect.get(value, key);
      const told = typeof entry === 'string' && tell ? tell(key, entry) : undefined;
      Reflect.set(value, key, told === undefined ? clean(entry) : redactText(told, values));
    }
    return value;
  };
  return clean(error);
}
