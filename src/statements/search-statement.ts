import type { SelectStmt } from 'libpg-query';
import { bindParameters, parametersIn, type ParameterValues } from './bind-parameters.js';
import type { Comparison } from './comparisons.js';
import { grammar } from './grammar.js';
import { columnOf, nodesIn, numberOf, type NamedRelation, operatorOf, writesRows } from './nodes.js';
import { type NearestSearch, shapeOf } from './shape.js';
import { readSelect } from './read-select.js';
import { refusedSearch } from './refused-search.js';

/** A search as an application writes it: one SELECT of rows, nearest first, with a parameter for the vector. */
export interface SearchStatement {
  /** As it was given, without the semicolon at its end. */
  readonly original: string;
  /** The same with `$1` for the vector, and with the values that are the same for every query in the place of their parameters. */
  readonly text: string;
  readonly root: SelectStmt;
  readonly limit: number;
  readonly nearest: NearestSearch;
  readonly relations: readonly NamedRelation[];
  /** `$2` … of the text, whose values are drawn for each query. */
  readonly drawn: readonly DrawnParameter[];
  /** The same, where executions say their values: numbers in the original. */
  readonly logged: readonly number[];
  /** The number in the original of the parameter that the vector is. */
  readonly vector: number;
  /** The same text with further columns before its own, and a LIMIT. @param columns as SQL */
  readonly withColumns: (columns: string, limit: number) => string;
}

export interface DrawnParameter extends Comparison {
  /** Its number in the original. */
  readonly number: number;
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

/**
 * @param parameters what is known of them; a LIMIT without a value asks for 10 rows
 * @throws {PgvtuneError} `usage` for what is no such search, writes, or has parameters that nothing says anything about
 */
export function readSearchStatement(
  given: string,
  parameters: ParameterValues = { values: new Map() },
): SearchStatement {
  const original = given.trim().replace(/\s*;$/, '');
  const asGiven = readSelect(original);
  const shape = SHAPES.find(([part]) => asGiven[part] !== undefined);
  if (shape) throw refusedSearch(shape[1]);
  if (writesRows(asGiven)) throw refusedSearch('it writes');
  const { nearest, relations, aggregates } = shapeOf({ SelectStmt: asGiven });
  if (aggregates) throw refusedSearch('it aggregates rows');
  if (!nearest) throw refusedSearch("it does not order by a distance of pgvector's");
  if (nearest.defect) throw refusedSearch(DEFECTS[nearest.defect]);
  const vector = vectorParameter(asGiven, nearest);
  const { text, drawn, logged } = bindParameters(original, asGiven, { ...parameters, vector });
  const root = readSelect(text);
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
  return { original, text, root, limit: value, nearest, relations, drawn, logged, vector, withColumns };
}

/** The number of the parameter that the vector is. */
function vectorParameter(root: SelectStmt, { operator, column }: NearestSearch): number {
  const vectors = [...nodesIn(root)].flatMap((node) => {
    if (!('A_Expr' in node) || operatorOf(node) !== operator) return [];
    const { lexpr, rexpr } = node.A_Expr;
    if (columnOf(lexpr)?.column === column) return parametersIn(rexpr);
    return columnOf(rexpr)?.column === column ? parametersIn(lexpr) : [];
  });
  const [vector, ...others] = new Set(vectors);
  if (vector !== undefined && others.length === 0) return vector;
  throw refusedSearch('the vector to search for has to be a parameter', { hint: 'Write $1 for it.' });
}
