import type { Node, SelectStmt } from 'libpg-query';
import { PgvtuneError } from '../errors.js';
import { grammar, syntaxErrorOf } from './grammar.js';
import { selectsIn } from './nodes.js';

/** The syntax tree of the one SELECT that a text is. @throws {PgvtuneError} `usage` for everything else */
export function readSelect(sql: string): SelectStmt {
  const refuse = (message: string, hint: string): PgvtuneError => new PgvtuneError('usage', message, { hint });
  let statements: readonly (Node | undefined)[] = [];
  try {
    // The parser refuses a text with nothing in it.
    if (sql.trim() !== '') statements = (grammar().parse(sql).stmts ?? []).map(({ stmt }) => stmt);
  } catch (error) {
    const syntax = syntaxErrorOf(error);
    if (!syntax) throw error;
    throw refuse(
      `The statement cannot be parsed: ${syntax.message} at character ${syntax.at + 1}.`,
      'Write parameters as $1, $2, … and leave out commands of psql.',
    );
  }
  const [statement, ...others] = statements;
  if (!statement) throw refuse('There is no statement.', 'Give one SELECT.');
  if (others.length > 0) throw refuse(`Expected one statement, got ${statements.length}.`, 'Give one SELECT.');
  if ('DeclareCursorStmt' in statement) {
    throw refuse(
      'A cursor is planned for a part of its rows (cursor_tuple_fraction), not for its LIMIT.',
      'Give its SELECT, with the LIMIT of what is fetched.',
    );
  }
  if (!('SelectStmt' in statement)) {
    throw refuse(
      `Expected a SELECT, got ${Object.keys(statement)[0]!.replace(/Stmt$/, '')}.`,
      'Give the SELECT that searches.',
    );
  }
  if (statement.SelectStmt.intoClause) throw refuse('SELECT INTO writes a table.', 'Give the SELECT without INTO.');
  if (selectsIn(statement.SelectStmt).some(({ limitOption }) => limitOption === 'LIMIT_OPTION_WITH_TIES')) {
    throw refuse('WITH TIES asks for more rows than its number says.', 'Write FETCH FIRST … ROWS ONLY, or LIMIT.');
  }
  return statement.SelectStmt;
}
