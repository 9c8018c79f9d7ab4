import type { SelectStmt } from 'libpg-query';
import { PgvtuneError } from '../errors.js';
import { grammar } from './grammar.js';
import { nodesIn, numberOf, type NamedRelation, writesRows } from './nodes.js';
import { type NearestSearch, shapeOf } from './shape.js';
import { readSelect } from './read-select.js';

/** A search as an application writes it: one SELECT of rows, nearest first, with the vector as its only parameter. */
export interface SearchStatement {
  /** As it was given, without the semicolon at its end. */
  readonly text: string;
  readonly root: SelectStmt;
  readonly limit: number;
  readonly nearest: NearestSearch;
  readonly relations: readonly NamedRelation[];
  /** The same text with further columns before its own, and a LIMIT. @param columns as SQL */
  readonly withColumns: (columns: string, limit: number) => string;
}

/** What makes a SELECT return something else than rows of the table, nearest first. */
const SHAPES: readonly (readonly [keyof SelectStmt, string])[] = [
  ['larg', 'it is a UNION, INTERSECT or EXCEPT'],
  ['distinctClause', 'it has DISTINCT'],
  ['groupClause', 'it has GROUP BY'],
  ['havingClause', 'it has HAVING'],
  ['lockingClause', 'it locks rows (FOR UPDATE)'],
  ['limitOffset', 'it has OFFSET'],
];
const DEFECTS: Readonly<Record<NonNullable<NearestSearch['defect']>, string>> = {
  descending: 'it orders by the distance descending',
  expression: 'it orders by an expression on the distance, not by the distance itself',
  'further-key': 'it orders by more than the distance',
  'no-limit': 'it has no LIMIT',
};

/** @throws {PgvtuneError} `usage` for what is no such search, writes, or has other parameters */
export function readSearchStatement(given: string): SearchStatement {
  const text = given.trim().replace(/\s*;$/, '');
  const root = readSelect(text);
  const nodes = [...nodesIn(root)];
  const shape = SHAPES.find(([part]) => root[part] !== undefined);
  if (shape) throw refusedSearch(shape[1]);
  if (writesRows(root)) throw refusedSearch('it writes');
  const { nearest, relations, aggregates } = shapeOf({ SelectStmt: root });
  if (aggregates) throw refusedSearch('it aggregates rows');
  if (!nearest) throw refusedSearch("it does not order by a distance of pgvector's");
  if (nearest.defect) throw refusedSearch(DEFECTS[nearest.defect]);
  const parameters = new Set(nodes.flatMap((node) => ('ParamRef' in node ? [node.ParamRef.number] : [])));
  if (parameters.size !== 1 || !parameters.has(1)) {
    throw refusedSearch('the vector to search for has to be its only parameter, $1', {
      hint: 'Write constants for the others.',
    });
  }
  const first = root.targetList?.[0];
  const start = first && 'ResTarget' in first ? first.ResTarget.location : undefined;
  const value = numberOf(root.limitCount);
  const at = root.limitCount && 'A_Const' in root.limitCount ? root.limitCount.A_Const.location : undefined;
  if (value === null || !Number.isInteger(value) || at === undefined || start === undefined) {
    throw refusedSearch('its LIMIT is not a whole number');
  }
  // The grammar counts bytes.
  const bytes = Buffer.from(text);
  const written = grammar()
    .scan(text)
    .find((token) => token.start === at);
  if (!written) throw refusedSearch('its FETCH FIRST has no number');
  const withColumns = (columns: string, rows: number): string =>
    [
      bytes.subarray(0, start),
      `${columns}, `,
      bytes.subarray(start, written.start),
      String(rows),
      bytes.subarray(written.end),
    ].join('');
  return { text, root, limit: value, nearest, relations, withColumns };
}

/** @param why a clause about the statement: `it has DISTINCT` */
export const refusedSearch = (
  why: string,
  { hint, cause }: { readonly hint?: string; readonly cause?: unknown } = {},
): PgvtuneError =>
  new PgvtuneError('usage', `The statement cannot be measured: ${why}.`, {
    hint:
      hint ??
      'Give one SELECT that orders by the distance to $1 and ends with a LIMIT; joins and conditions are welcome.',
    cause,
  });
