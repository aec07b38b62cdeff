import { badInput, type HoldfastError } from '@holdfast/core';
import { isObject } from './fragment.ts';
import { suggest } from './suggest.ts';

/** Helpers that stand in a tag of their own, and those that open a block. */
const inline = ['slot', 'json'];
const blocks = ['if', 'unless', 'each'];

/** What is in reach at some place of a template: names and what they stand for. */
type Scope = Readonly<Record<string, unknown>>;

interface Walk {
  file: string;
  /** The slots that some feature fills. */
  slots: readonly string[];
}

function mistake(walk: Walk, node: hbs.AST.Node, message: string, hint?: string): HoldfastError {
  const { line, column } = node.loc.start;
  const object = `${walk.file}:${line}:${column + 1}`;
  return badInput(message, hint === undefined ? { object } : { object, hint });
}

/** The named arguments of a tag; the types leave out that there may be none. */
function namedOf(node: hbs.AST.MustacheStatement): hbs.AST.HashPair[] {
  return (node.hash as hbs.AST.Hash | undefined)?.pairs ?? [];
}

function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === 'PathExpression';
}

function resolve(walk: Walk, path: hbs.AST.PathExpression, scope: Scope): unknown {
  if (path.data || path.depth > 0 || path.parts.length === 0) {
    throw mistake(
      walk,
      path,
      `"${path.original}" cannot stand in a template`,
      'name what you mean',
    );
  }
  let at: unknown = scope;
  for (const part of path.parts) {
    const known = isObject(at) ? Object.keys(at) : [];
    if (!known.includes(part)) {
      const hint = suggest(part, known);
      throw mistake(walk, path, `the template names "${path.original}", which no model has`, hint);
    }
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

function checkSlot(walk: Walk, node: hbs.AST.MustacheStatement): void {
  const [name] = node.params;
  if (name?.type !== 'StringLiteral') throw mistake(walk, node, 'a slot needs its name in quotes');
  const slot = (name as hbs.AST.StringLiteral).value;
  if (!walk.slots.includes(slot)) {
    throw mistake(walk, node, `no feature fills the slot "${slot}"`, suggest(slot, walk.slots));
  }
  const indent = namedOf(node).find(({ key }) => key === 'indent')?.value;
  const { column } = node.loc.start;
  const given = indent?.type === 'NumberLiteral' ? (indent as hbs.AST.NumberLiteral).value : 0;
  if (given !== column) {
    throw mistake(walk, node, `indent=${given}, but the slot stands at column ${column}`);
  }
}

function checkExpression(walk: Walk, node: hbs.AST.Expression, scope: Scope): unknown {
  if (isPath(node)) return resolve(walk, node, scope);
  if (node.type === 'SubExpression')
    throw mistake(walk, node, 'no helper can stand in parentheses');
  return (node as hbs.AST.StringLiteral).value;
}

function checkMustache(walk: Walk, node: hbs.AST.MustacheStatement, scope: Scope): void {
  const name = isPath(node.path) ? node.path.original : '';
  if (!inline.includes(name)) {
    if (node.params.length > 0) throw mistake(walk, node, `there is no helper "${name}"`);
    const value = checkExpression(walk, node.path, scope);
    if (typeof value === 'object') {
      throw mistake(walk, node, `"${name}" is not a text that could be printed`, 'use json');
    }
    return;
  }
  if (name === 'slot') checkSlot(walk, node);
  for (const param of node.params) checkExpression(walk, param, scope);
  for (const { value } of namedOf(node)) checkExpression(walk, value, scope);
}

function checkBlock(walk: Walk, node: hbs.AST.BlockStatement, scope: Scope): void {
  const name = isPath(node.path) ? node.path.original : '';
  if (!blocks.includes(name)) throw mistake(walk, node, `there is no block "${name}"`);
  const values = node.params.map((param) => checkExpression(walk, param, scope));
  let inner = scope;
  if (name === 'each') {
    const [list] = values;
    const [item] = (node.program.blockParams as string[] | undefined) ?? [];
    if (!Array.isArray(list)) throw mistake(walk, node, 'each needs a list');
    if (item === undefined) throw mistake(walk, node, 'each needs a name', 'write: as |item|');
    inner = { ...scope, [item]: list[0] as unknown };
  }
  checkProgram(walk, node.program, inner);
  // The types leave out that a block without an else has no inverse.
  const inverse = node.inverse as hbs.AST.Program | undefined;
  if (inverse) checkProgram(walk, inverse, scope);
}

function checkProgram(walk: Walk, program: hbs.AST.Program, scope: Scope): void {
  for (const node of program.body) {
    if (node.type === 'MustacheStatement') {
      checkMustache(walk, node as hbs.AST.MustacheStatement, scope);
    } else if (node.type === 'BlockStatement') {
      checkBlock(walk, node as hbs.AST.BlockStatement, scope);
    } else if (node.type !== 'ContentStatement' && node.type !== 'CommentStatement') {
      throw mistake(walk, node, `${node.type} cannot stand in a template`);
    }
  }
}

/**
 * Checks every path of a template, those of branches that are not taken included: Handlebars' own
 * strict mode lets `<%#if typo%>` pass.
 *
 * @param file how to name the template in errors
 * @param shape a context with one of everything
 * @param slots the slots that some feature fills
 * @throws HoldfastError (badInput) for a path, helper or slot that does not exist
 */
export function checkPaths(
  file: string,
  program: hbs.AST.Program,
  shape: object,
  slots: readonly string[],
): void {
  checkProgram({ file, slots }, program, shape as Scope);
}
