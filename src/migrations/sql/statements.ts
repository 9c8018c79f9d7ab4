import type { Node } from 'libpg-query';
import { lineAt, lineStarts } from '../lines.js';
import { grammar, syntaxErrorOf } from '../../statements/index.js';

/** One statement of a text. */
export interface ParsedStatement {
  /** Without comments before it, and without its semicolon. */
  readonly sql: string;
  /** Line of its first word, from 1. */
  readonly line: number;
  /** Null where the grammar refuses it. */
  readonly node: Node | null;
  /** The parser's message; null when it was understood. */
  readonly error: string | null;
}

/**
 * The statements of a text, each with its syntax tree.
 *
 * A statement that the grammar refuses does not spoil the others: the text is then cut at the semicolons that the
 * scanner finds, and every part is parsed by itself.
 */
export function parseStatements(text: string): readonly ParsedStatement[] {
  const source = withoutClientCommands(text);
  const lines = lineStarts(source);
  const parsed =
    parsedAtOnce(source) ?? cut(source).map((span) => ({ ...span, ...parseOne(source.slice(span.from, span.to)) }));
  return parsed.map(({ from, to, node, error }) => ({
    sql: source.slice(from, to),
    line: lineAt(lines, from),
    node,
    error,
  }));
}

/** Longer texts are read statement by statement: their tree would need too much memory. */
const MAX_AT_ONCE = 1_000_000;
const SPACE_AND_COMMENTS = /^(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*/;

/**
 * All statements by one call of the parser, which is the cheapest way; null where it refuses the text, or a comment may
 * stand between a statement and its semicolon, or within another comment.
 */
function parsedAtOnce(source: string): readonly (Span & Pick<ParsedStatement, 'node' | 'error'>)[] | null {
  if (source.length > MAX_AT_ONCE) return null;
  try {
    const toCharacter = characterPositions(source);
    const found: (Span & Pick<ParsedStatement, 'node' | 'error'>)[] = [];
    for (const { stmt, stmt_location: start = 0, stmt_len: length } of grammar().parse(source).stmts ?? []) {
      const first = toCharacter(start);
      const last = length === undefined ? source.length : toCharacter(start + length);
      const [before] = SPACE_AND_COMMENTS.exec(source.slice(first, last))!;
      const from = first + before.length;
      const sql = source.slice(from, last).trimEnd();
      if (
        !stmt ||
        before.split('/*').length !== before.split('*/').length ||
        sql.endsWith('*/') ||
        sql.slice(sql.lastIndexOf('\n') + 1).includes('--')
      )
        return null;
      found.push({ from, to: from + sql.length, node: stmt, error: null });
    }
    return found;
  } catch {
    return null;
  }
}

/** Turns positions in bytes of UTF-8, as the grammar counts, into positions in characters; they may only grow. */
function characterPositions(source: string): (position: number) => number {
  const bytes = Buffer.from(source);
  const isAscii = bytes.length === source.length;
  let [byte, character] = [0, 0];
  return (position) => {
    if (isAscii) return position;
    character += bytes.toString('utf8', byte, position).length;
    byte = position;
    return character;
  };
}

/** Parses one statement. */
export function parseOne(sql: string): { readonly node: Node | null; readonly error: string | null } {
  try {
    const [first, ...more] = grammar().parse(sql).stmts ?? [];
    if (more.length > 0) return { node: null, error: 'more than one statement' };
    return { node: first?.stmt ?? null, error: null };
  } catch (error) {
    const refused = syntaxErrorOf(error);
    if (!refused) throw error;
    return { node: null, error: refused.message };
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const SEMICOLON = ';'.codePointAt(0)!;
const [SQL_COMMENT, C_COMMENT] = [275, 276];

/** Cuts at semicolons outside of strings, comments, parentheses and SQL-standard function bodies. */
function cut(source: string): readonly Span[] {
  const tokens = scanned(source);
  if (!tokens)
    return source.trim() === ''
      ? []
      : [{ from: source.length - source.trimStart().length, to: source.trimEnd().length }];
  const spans: Span[] = [];
  let open = null as Span | null;
  let [depth, atomic] = [0, 0];
  let previous = '';
  for (const { start, end, text, tokenType } of tokens) {
    if (tokenType === SQL_COMMENT || tokenType === C_COMMENT) continue;
    const word = text.toUpperCase();
    if (tokenType === SEMICOLON && depth <= 0 && atomic === 0) {
      if (open) spans.push(open);
      open = null;
      depth = 0;
    } else {
      open = { from: open?.from ?? start, to: end };
      if (word === '(') depth++;
      if (word === ')') depth--;
      if (word === 'ATOMIC' && previous === 'BEGIN') atomic = 1;
      else if (atomic > 0 && word === 'CASE') atomic++;
      else if (atomic > 0 && word === 'END') atomic--;
    }
    previous = word;
  }
  if (open) spans.push(open);
  return spans;
}

interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokenType: number;
}

/** Tokens with positions in characters (the scanner counts bytes of UTF-8); null for a text that cannot be scanned. */
function scanned(source: string): readonly Token[] | null {
  try {
    const toCharacter = characterPositions(source);
    return grammar()
      .scan(source)
      .map(({ start, end, tokenType }) => {
        const [from, to] = [toCharacter(start), toCharacter(end)];
        return { start: from, end: to, text: source.slice(from, to), tokenType };
      });
  } catch (error) {
    if (syntaxErrorOf(error) || error instanceof Error) return null;
    throw error;
  }
}

/** Blanks psql's commands (`\connect`, `\restrict`) and the data after COPY … FROM STDIN; every line keeps its place. */
function withoutClientCommands(text: string): string {
  if (!/^\\|from\s+stdin/im.test(text)) return text;
  let copying = false;
  return text
    .split('\n')
    .map((line) => {
      if (copying) {
        if (line.trimEnd() === '\\.') copying = false;
        return '';
      }
      if (line.startsWith('\\')) return '';
      if (/^\s*copy\b.*\bfrom\s+stdin\b.*;\s*$/i.test(line)) copying = true;
      return line;
    })
    .join('\n');
}
