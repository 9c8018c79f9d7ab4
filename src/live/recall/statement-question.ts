import { ident } from '../../postgres/index.js';
import type { LiveTable } from '../catalog/table.js';
import type { ApplicationStatement } from '../statement/application-statement.js';
import { NO_INDEX_SCAN } from '../statement/exact-settings.js';
import { type LiveQuestion, liveQuestion, statementOf } from './question.js';

/**
 * Asks what an application's statement asks, for the places of the rows. The exact side is the same statement under settings
 * that let no index on the vectors serve it. Null when there is no valid index by its operator.
 *
 * @throws {PgvtuneError} as {@link liveQuestion}
 */
export function statementQuestion(
  table: LiveTable,
  statement: ApplicationStatement,
  index: string | undefined,
): LiveQuestion | null {
  const { operator, limit, tableName } = statement;
  const alias = ident(tableName);
  const usual = liveQuestion(
    { ...table, indexes: table.indexes.filter((candidate) => candidate.operator === operator) },
    { index, limit, where: null },
  );
  if (!usual) return null;
  const [first] = usual.indexes;
  const place = `${alias}.tableoid, ${alias}.ctid`;
  // An expression on the column cannot be named from outside of it.
  const distance = first!.isExpression
    ? 'NULL::float8'
    : `${alias}.${table.column.quoted} ${first!.qualifiedOperator} $1`;
  return {
    ...usual,
    approximate: statementOf(statement.withColumns(place, limit)),
    exact: statementOf(statement.withColumns(`${place}, ${distance}`, limit)),
    exactSettings: NO_INDEX_SCAN,
    exactOperand: usual.operand,
    exactOf: first!.isExpression ? 'indexed expression' : 'column',
    withLimit: (rows) => statement.withColumns(place, rows),
  };
}
