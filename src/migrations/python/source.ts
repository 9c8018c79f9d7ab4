import type { SyntaxNode, Tree } from '@lezer/common';
import { lineAt, lineStarts } from '../lines.js';

/*
 * Python as a syntax tree of Lezer, which reads half-written files, too: what cannot be read is an error node, and the
 * rest stands. Nothing of it is ever executed.
 */

/** A file of Python. */
export interface PythonSource {
  readonly text: string;
  readonly tree: Tree;
  /** Whether some part of the file could not be read. */
  readonly halfWritten: boolean;
  lineOf(node: SyntaxNode): number;
  textOf(node: SyntaxNode): string;
}

let parse: ((text: string) => Tree) | undefined;

export async function loadPythonParser(): Promise<void> {
  if (parse) return;
  const { parser } = await import('@lezer/python');
  parse = (text) => parser.parse(text);
}

export function pythonSource(text: string): PythonSource {
  if (!parse) throw new Error('The parser of Python is used before it is loaded.');
  const tree = parse(text);
  const starts = lineStarts(text);
  let halfWritten = false;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) halfWritten = true;
      return !halfWritten;
    },
  });
  return {
    text,
    tree,
    halfWritten,
    lineOf: (node) => lineAt(starts, node.from),
    textOf: (node) => text.slice(node.from, node.to),
  };
}

/** Children that are not punctuation or comments. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') found.push(child);
  }
  return found;
}
