import type { RangeVar } from 'libpg-query';
import { shortHash } from '../canonical-json.js';
import { grammar } from './grammar.js';
import { shapeOf, type StatementShape } from './shape.js';

/**
 * Equal for statements that differ in constants, comments and lengths of lists only. The library's own says nothing of schemas, of a
 * table with an alias, and of numbers in names of tables.
 *
 * @returns null for a text that the grammar refuses: it may be cut off, or newer than the grammar
 */
export const fingerprintOf = (text: string): string | null =>
  unlessRefused(() => {
    const fingerprint = grammar().fingerprint(text);
    // Of an empty text the library returns the message of an error.
    if (!/^[\da-f]{16}$/.test(fingerprint)) return null;
    return shortHash([fingerprint, ...new Set(relationNamesIn(grammar().parse(text)))]);
  });

function* relationNamesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* relationNamesIn(item);
  else if (typeof value === 'object' && value !== null) {
    const { schemaname, relname } = value as RangeVar;
    if (relname !== undefined) yield JSON.stringify([schemaname, relname]);
    for (const member of Object.values(value)) yield* relationNamesIn(member);
  }
}

/** One statement, as it may be shown to anybody. */
export interface NormalizedStatement {
  /** Without constants and comments, either of which may hold a secret. */
  readonly query: string;
  readonly shape: StatementShape;
}

/**
 * A statement that reads or writes rows, without its constants.
 *
 * @returns null for any other statement, for several at once, and for a text that the grammar refuses. Constants of utility
 *   statements are not all found: `CREATE USER MAPPING … OPTIONS (password '…')`.
 */
export function withoutConstants(text: string): NormalizedStatement | null {
  return unlessRefused(() => {
    const postgres = grammar();
    const [first, ...others] = postgres.parse(text).stmts ?? [];
    if (!first?.stmt || others.length > 0) return null;
    const shape = shapeOf(first.stmt);
    return shape.kind === 'other' ? null : { query: shown(postgres.normalize(text)), shape };
  });
}

const COMMENT = /_COMMENT$/;
/** Constants that the normalization left, such as paths of JSON_TABLE. */
const STRING = /^(?:SCONST|USCONST|BCONST|XCONST)$/;

function shown(normalized: string): string {
  // The scanner counts bytes.
  const bytes = Buffer.from(normalized);
  let result = '';
  let from = 0;
  for (const { start, end, tokenName } of grammar().scan(normalized)) {
    const instead = COMMENT.test(tokenName) ? ' ' : STRING.test(tokenName) ? "'…'" : null;
    if (instead === null) continue;
    result += bytes.toString('utf8', from, start) + instead;
    from = end;
  }
  return (result + bytes.toString('utf8', from)).replace(/[\s;]+$/, '').trim();
}

function unlessRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    // Not all of its errors have a type.
    return null;
  }
}
