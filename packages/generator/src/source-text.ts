import { badInput, messageOf } from '@holdfast/core';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { errorOf, type Finding } from './finding.ts';

/** Keys and indices from the document's root: ["roles", 0, "replicas"]. */
export type KeyPath = readonly (string | number)[];

/** Reports what is wrong at a key path of a file. */
export type Report = (path: KeyPath, at: 'key' | 'value', message: string, hint?: string) => void;

/** A YAML file as data, with the place of everything in it. */
export interface SourceText {
  /** The file as the user knows it. */
  file: string;
  /** The data; plain objects, arrays and scalars. */
  data: unknown;
  /**
   * A finding at a key path, or at its nearest ancestor that is there.
   *
   * @param at "key" points at the key of the last step, "value" at what it holds
   */
  finding(path: KeyPath, at: 'key' | 'value', message: string, hint?: string): Finding;
}

/** A key path as people write it: roles[0].volumes.www.size. */
export function printPath(path: KeyPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** Offset of a key or its value, or of the nearest ancestor that is there. */
function offsetOf(document: Document, path: KeyPath, at: 'key' | 'value'): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = document.getIn(path.slice(0, length - 1), true);
    if (at === 'key' && isMap(parent)) {
      const pair = parent.items.find(
        (item) => isScalar(item.key) && item.key.value === path[length - 1],
      );
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/** The parser's words for what people meet, without its own positions and pictures. */
function inWords(message: string): { message: string; hint: string } {
  const first = (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
  if (first === 'Map keys must be unique') {
    return { message: 'the same key stands twice in one map', hint: 'leave one of them out' };
  }
  return { message: first, hint: 'mend the brackets, quotes or indentation here or just before' };
}

/** Most fragments are the same text in every chart, and are parsed once; nobody changes the data. */
const rendered = new Map<string, unknown>();

/**
 * Parses YAML that a template was rendered to, whose lines are not those of the file.
 *
 * @returns data that must not be changed; null when the text is empty
 * @throws HoldfastError (badInput) that quotes the line which is not YAML
 */
export function parseRendered(file: string, text: string): unknown {
  const there = rendered.get(text);
  if (there !== undefined) return there;
  const document = parseDocument(text, {
    uniqueKeys: true,
    prettyErrors: false,
    logLevel: 'error',
  });
  const [error] = document.errors;
  if (error === undefined) {
    const data = dataOf(document, file);
    rendered.set(text, data);
    return data;
  }
  const line = text.slice(0, error.pos[0]).split('\n').length;
  throw badInput(`what is rendered is not YAML: ${error.message}`, {
    object: file,
    hint: `it is in the line: ${(text.split('\n')[line - 1] ?? '').trim()}`,
  });
}

/** The data of a document whose syntax is right; an alias may still name nothing, too much, or itself. */
function dataOf(document: Document, file: string): unknown {
  try {
    const data: unknown = document.toJS();
    // Refuses what contains itself.
    JSON.stringify(data);
    return data;
  } catch (cause) {
    throw badInput(`an alias can't be resolved: ${messageOf(cause).split('\n')[0] ?? ''}`, {
      object: file,
      hint: 'write out what the alias (*name) stands for',
      cause,
    });
  }
}

/**
 * Parses YAML text.
 *
 * @param file how to name the file in errors
 * @throws HoldfastError (badInput) for syntax that is not YAML, a key that stands twice, and a file
 *   that holds nothing; it names every one of them by line and column
 */
export function parseSource(file: string, text: string): SourceText {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    uniqueKeys: true,
    prettyErrors: true,
    logLevel: 'error',
  });
  const place = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const findings = document.errors.map(({ pos, message }) => ({
      object: place(pos[0]),
      offset: pos[0],
      ...inWords(message),
    }));
    throw errorOf(file, findings);
  }
  const data = dataOf(document, file);
  if (data === null || data === undefined) {
    throw errorOf(file, [
      {
        object: file,
        offset: 0,
        message: 'the file is empty',
        hint: 'begin with a copy of an example',
      },
    ]);
  }
  return {
    file,
    data,
    finding(path, at, message, hint) {
      const offset = offsetOf(document, path, at);
      const object = [place(offset), printPath(path)].filter((part) => part !== '').join(' ');
      return { object, offset, message, ...(hint === undefined ? {} : { hint }) };
    },
  };
}
