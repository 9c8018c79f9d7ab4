import type { Condition, Operation, Place, ProblemCode } from '../history.js';
import { effectsOf } from './effects-of.js';
import { parseOne, type ParsedStatement } from './statements.js';

/** How and where an operation runs. */
export interface OperationContext {
  readonly place: Place;
  readonly origin: string;
  readonly inTransaction: boolean;
  readonly condition: Condition | null;
  readonly assumedTypes?: Readonly<Record<string, string>>;
}

/** The operation of one statement of SQL. */
export function operationOf(
  statement: Pick<ParsedStatement, 'sql' | 'node' | 'error'>,
  { assumedTypes = {}, ...context }: OperationContext,
): Operation {
  const base = { ...context, assumedTypes, sql: statement.sql };
  if (!statement.node) {
    return { ...base, effects: [], problem: { code: 'not-parsed', detail: statement.error ?? 'empty' } };
  }
  const effects = effectsOf(statement.node);
  if (effects) return { ...base, effects, problem: null };
  const [kind = ''] = Object.keys(statement.node);
  return { ...base, effects: [], problem: { code: 'unknown-operation', detail: kind } };
}

/** The operation of a statement whose text is known to be one. */
export const sqlOperation = (sql: string, context: OperationContext): Operation =>
  operationOf({ sql, ...parseOne(sql) }, context);

/** An operation that was not understood. */
export const unknownOperation = (
  code: ProblemCode,
  detail: string,
  { assumedTypes = {}, ...context }: OperationContext,
): Operation => ({ ...context, assumedTypes, sql: null, effects: [], problem: { code, detail } });
