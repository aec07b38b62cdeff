import { Document, visit } from 'yaml';
import type { ValueSchema } from './fragment.ts';
import type { Values } from './values.ts';

const width = 100;

/**
 * Text that Helm's parser would read as something else although it needs no quotes in YAML 1.1, or that
 * would change in or behind a block: octal numbers, and white space at an end, in a line of nothing
 * else, or with tabs.
 */
const misread =
  /^[-+]?0o|^[\s\p{Z}\u0085\uFEFF]|([^\S\n]|[\u0085\uFEFF])$|\n\n$|[\t\r]|\n[^\S\n]+\n/iu;

/** YAML as Helm's parser, which knows YAML 1.1, reads it back. */
export function printYaml(value: unknown): string {
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && misread.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: true }).replace(/\n$/, '');
}

/** Breaks text into lines of at most `limit` characters. */
function wrapped(text: string, limit: number): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > limit) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function comment(text: string, pad: string): string[] {
  return wrapped(text, width - pad.length - 2).map((line) => `${pad}# ${line}`);
}

function exampleLines(key: string, examples: readonly unknown[], pad: string): string[] {
  return examples.flatMap((example) => {
    const lines = printYaml({ [key]: example }).split('\n');
    return [`${pad}# For example:`, ...lines.map((line) => `${pad}#   ${line}`)];
  });
}

function valueLines(key: string, node: ValueSchema, depth: number): string[] {
  const pad = '  '.repeat(depth);
  const head = [
    ...comment(node.description ?? '', pad),
    ...exampleLines(key, node.examples ?? [], pad),
  ];
  if (node.properties) {
    const children = Object.entries(node.properties);
    return [
      ...head,
      `${pad}${key}:`,
      ...children.flatMap(([name, inner]) => valueLines(name, inner, depth + 1)),
    ];
  }
  const lines = printYaml({ [key]: node.default }).split('\n');
  return [...head, ...lines.map((line) => pad + line)];
}

/** values.yaml: every value with its description, its examples and its default. */
export function printValues(values: Values, title: string): string {
  const blocks = Object.entries(values.properties).map(([key, node]) => {
    const section = values.sections.get(key);
    const heading = section === undefined ? [] : [`## ${section}`, ''];
    return [...heading, ...valueLines(key, node, 0)].join('\n');
  });
  return [`# ${title}`, ...blocks].join('\n\n') + '\n';
}

function closed(node: ValueSchema): ValueSchema {
  if (!node.properties) return node;
  const properties = Object.fromEntries(
    Object.entries(node.properties).map(([key, inner]) => [key, closed(inner)]),
  );
  return { type: 'object', additionalProperties: false, ...node, properties };
}

/**
 * values.schema.json (draft-07): no unknown key at any depth, but for maps that say themselves that
 * they are open. The root also takes `enabled`, which a chart that depends on this one sets.
 */
export function printSchema(values: Values, title: string): string {
  const enabled = { type: 'boolean', description: 'Set by charts that depend on this one' };
  const { properties } = closed({ properties: values.properties });
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    type: 'object',
    additionalProperties: false,
    properties: { enabled, ...properties },
    ...(values.rules.length > 0 && { allOf: values.rules }),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The defaults as data: what values.yaml holds. */
export function defaultsOf(properties: Record<string, ValueSchema>): Record<string, unknown> {
  const entries = Object.entries(properties).map(([key, node]): [string, unknown] => [
    key,
    node.properties ? defaultsOf(node.properties) : node.default,
  ]);
  return Object.fromEntries(entries);
}

function rows(key: string, node: ValueSchema): string[] {
  if (node.properties) {
    return Object.entries(node.properties).flatMap(([name, inner]) =>
      rows(`${key}.${name}`, inner),
    );
  }
  const text = (node.description ?? '').trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  const value = JSON.stringify(node.default).replaceAll('|', '\\|');
  return [`| \`${key}\` | ${text} | \`${value}\` |`];
}

/** The README's tables: key, description and default of every value, a table for each section. */
export function printTable(values: Values): string {
  const lines: string[] = [];
  for (const [key, node] of Object.entries(values.properties)) {
    const section = values.sections.get(key);
    if (section !== undefined) {
      lines.push(
        '',
        `### ${section}`,
        '',
        '| Key | Description | Default |',
        '| --- | --- | --- |',
      );
    }
    lines.push(...rows(key, node));
  }
  return lines.join('\n').trim();
}
