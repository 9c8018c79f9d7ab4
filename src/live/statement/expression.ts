import { PgvtuneError } from '../../errors.js';
import { explainQuery, refusalOf, type Session } from '../../postgres/index.js';
import { loadGrammar, readExpression } from '../../statements/index.js';
import { refuseVolatile, volatileAmong } from './side-effects.js';

/**
 * One SQL expression over the columns of a table, in parentheses, looked at by the grammar and by the server; nothing is
 * executed.
 *
 * @param table quoted and qualified
 * @throws {PgvtuneError} `usage` for what is no such expression, cannot be grouped by, or may have side effects
 */
export async function checkExpression(session: Session, table: string, text: string): Promise<string> {
  const what = `The expression ${JSON.stringify(text)}`;
  await loadGrammar();
  const tree = parsed(text, what);
  refuseVolatile(await volatileAmong(session, tree), what);
  const expression = `(${text.trim()})`;
  await explainQuery(session, `SELECT count(*) FROM ${table} GROUP BY ${expression}`).catch((error: unknown) => {
    const found = refusalOf(error);
    throw found ? refusal(what, found.why, error) : error;
  });
  return expression;
}

function parsed(text: string, what: string): object {
  try {
    const tree = readExpression(text);
    if (tree) return tree;
  } catch (error) {
    throw refusal(what, error instanceof Error ? error.message : String(error), error);
  }
  throw refusal(what, 'it is more than one expression');
}

function refusal(what: string, why: string, cause?: unknown): PgvtuneError {
  return new PgvtuneError('usage', `${what} is refused: ${why}.`, {
    hint: "Write a column (tenant_id), an expression on columns (metadata->>'tenant'), or table.column of a joined table.",
    cause,
  });
}
