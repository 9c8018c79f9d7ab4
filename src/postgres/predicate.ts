import { PgvtuneError } from '../errors.js';
import { explainQuery } from './explain.js';
import { refusalOf } from './refusal.js';
import type { Session } from './session.js';

/** What may hold anything: `E'it\'s'`, `'it''s'`, `"name"`, `$$text$$`; and words, so that their ends are known. */
const WHOLE =
  /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^'\\]|\\(?!')|'')*'|"(?:[^"]|"")*"|(\$(?:[a-zA-Z_]\w*)?\$)[\s\S]*?\1|[\w\u0080-\uffff][\w$\u0080-\uffff]*/y;

/** What must not occur between them. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/;/y, 'a semicolon'],
  [/--|\/\*/y, 'a comment'],
  [/\$\d/y, 'a parameter'],
  [/\0/y, 'a zero byte'],
  [/'(?:[^'\\]|\\(?!')|'')*\\'/y, "a backslash before a quote (write it as E'\\\\')"],
  [/['"$]/y, 'a quotation that does not end'],
];

/**
 * One SQL condition, as the operator of a database writes it after WHERE, in parentheses that it cannot leave.
 *
 * It is no defence against its author, who may do on the server whatever the role may; it sees to it that what was
 * meant as a condition is one: a single statement, no comment that swallows the rest, no parameter of ours.
 *
 * @throws {PgvtuneError} `usage`
 */
export function predicate(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const end = endOfMatch(WHOLE, text, at);
    if (end > at) {
      at = end;
      continue;
    }
    const refused = REFUSED.find(([pattern]) => endOfMatch(pattern, text, at) > at);
    if (refused) throw refusal(text, refused[1]);
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth < 0) throw refusal(text, 'a parenthesis that closes none');
    at++;
  }
  if (depth > 0) throw refusal(text, 'a parenthesis that is not closed');
  if (text.trim() === '') throw refusal(text, 'nothing');
  return `(${text.trim()})`;
}

/** Where the match that begins at `at` ends; `at` when there is none. */
function endOfMatch(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

const refusal = (text: string, found: string): PgvtuneError =>
  new PgvtuneError(
    'usage',
    `Expected one SQL condition, as after WHERE, and found ${found} in ${JSON.stringify(text)}.`,
    {
      hint: `Write it like "tenant_id = 5 AND status = 'open'".`,
    },
  );

/**
 * {@link predicate}, looked at by the server too: nothing is executed.
 *
 * @param table quoted and qualified
 * @throws {PgvtuneError} `usage` for what is no condition on that table's rows
 */
export async function checkPredicate(session: Session, table: string, text: string): Promise<string> {
  const condition = predicate(text);
  try {
    await explainQuery(session, `SELECT FROM ${table} WHERE ${condition}`);
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    const { why, sqlstate } = refusal;
    throw new PgvtuneError('usage', `The server refuses the condition ${JSON.stringify(text)}: ${why}.`, {
      hint: 'Columns of the table go by their names; functions and types of other schemas need the schema in front.',
      sqlstate,
      cause: error,
    });
  }
  return condition;
}
