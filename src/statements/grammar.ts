import type { Node, ParseResult, ScanToken } from 'libpg-query';
import { withMends } from './deparser.js';

/*
 * PostgreSQL's own grammar, compiled to WebAssembly. It takes a moment to load, so it is loaded once, by the first who
 * reads a history; everything after that is synchronous.
 */

interface Grammar {
  parse(sql: string): ParseResult;
  scan(sql: string): readonly ScanToken[];
  /** Equal for statements that differ in constants, comments and lengths of lists only. */
  fingerprint(sql: string): string;
  /** With `$1` … in place of constants, as pg_stat_statements has it. */
  normalize(sql: string): string;
  /** SQL of a node of the syntax tree, on one line. */
  write(node: Node): string;
}

let loaded: Grammar | undefined;

/** Loads the grammar; until then {@link grammar} throws. */
export async function loadGrammar(): Promise<void> {
  if (loaded) return;
  const [library, { Deparser }] = await Promise.all([import('libpg-query'), import('pgsql-deparser')]);
  await library.loadModule();
  const Own = withMends(Deparser);
  loaded = {
    parse: (sql) => library.parseSync(sql),
    scan: (sql) => library.scanSync(sql).tokens,
    fingerprint: (sql) => library.fingerprintSync(sql),
    normalize: (sql) => library.normalizeSync(sql),
    write: (node) => new Own(node, { pretty: false }).deparseQuery(),
  };
}

export function grammar(): Grammar {
  if (!loaded) throw new Error('The grammar is used before it is loaded.');
  return loaded;
}

/** The message of the parser for a text that it refuses, and the character at which it stopped (from 0); null otherwise. */
export function syntaxErrorOf(error: unknown): { readonly message: string; readonly at: number } | null {
  if (!(error instanceof Error) || error.name !== 'SqlError') return null;
  const details = (error as Error & { sqlDetails?: { cursorPosition: number } }).sqlDetails;
  return { message: error.message, at: details?.cursorPosition ?? 0 };
}
