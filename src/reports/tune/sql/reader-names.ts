import { shortHash } from '../../../canonical-json.js';
import { ident, literal } from '../../../identifiers.js';
import { KEY_IN_RUN } from '../../../json-path.js';
import type { TableNames } from '../../../results/index.js';
import { code } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';
import { COLUMN, TABLE } from './printed-names.js';

/** Constants, quoted names, a remark at the end of the line, parameters, and words with what they are qualified by. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--.*|\$\d+|\w+(?:\.\w+)?/g;
/** Names that are made of the table's: of indexes, copies, functions. */
const MADE = new RegExp(String.raw`\b${TABLE}_\w+`, 'g');
/** A function whose argument is a statement. */
const STATEMENT_BEFORE = /\bts_stat\($/;
/** A joined table in filtered queries: its columns are its own. */
const JOINED = /^d\d*$/;

/** A statement of a report under the reader's own names; as it is where these are not known. */
export function withReaderNames(asMeasured: string, names: TableNames | undefined): string {
  const statement = asMeasured.replaceAll(ident(KEY_IN_RUN), 'id');
  if (!names) return statement;
  const table = `${names.schema}.${names.table}`;
  const columnOf = (name: string): string => {
    if (name === COLUMN) return names.column;
    if (name === 'id') return names.key;
    return name === 'content' ? (names.text ?? name) : name;
  };
  return statement.replaceAll(TOKEN, (token, at: number) => {
    if (token.startsWith('"')) return token;
    if (token.startsWith('--'))
      return token.replaceAll(MADE, (name) => madeName(name, names)).replaceAll(TABLE, names.table);
    if (token.startsWith("'")) {
      if (STATEMENT_BEFORE.test(statement.slice(0, at))) {
        return literal(withReaderNames(token.slice(1, -1).replaceAll("''", "'"), names));
      }
      const name = token.slice(1, -1);
      return wholly(MADE, name) ? literal(`${names.schema}.${madeName(name, names)}`) : token;
    }
    const [first = '', column] = token.split('.');
    if (JOINED.test(first) && column !== undefined) return token;
    const own =
      first === TABLE
        ? table
        : wholly(MADE, first)
          ? `${isNewIndex(statement, at) ? '' : `${names.schema}.`}${madeName(first, names)}`
          : column === undefined
            ? columnOf(first)
            : first;
    return column === undefined ? own : `${own}.${columnOf(column)}`;
  });
}

/**
 * What a reader has to know of the names in the statements, with a space after it; empty where there is nothing.
 *
 * @param toReplace says which names to replace where the reader's are not known
 */
export function namesText({ manifest, texts }: Pick<RunView, 'manifest' | 'texts'>, toReplace: string): string {
  const { table: names } = manifest.dataset;
  if (!names) return `${toReplace} `;
  return names.isPrimaryKey ? '' : `${texts.sections.apply.noPrimaryKey(code(names.key))} `;
}

const wholly = (pattern: RegExp, text: string): boolean => text.match(pattern)?.[0] === text;

/** A new index takes the schema of its table, and must not name one. */
const isNewIndex = (statement: string, at: number): boolean =>
  /^CREATE INDEX (CONCURRENTLY )?$/.test(statement.slice(0, at));

/** NAMEDATALEN − 1. */
const MOST_CHARACTERS = 63;

/** In letters that need no quotes. */
function madeName(name: string, { table, column }: TableNames): string {
  const own = name.replace(TABLE, plain(table)).replace(`_${COLUMN}_`, `_${plain(column)}_`);
  return own.length <= MOST_CHARACTERS ? own : `${own.slice(0, MOST_CHARACTERS - 9)}_${shortHash(own).slice(0, 8)}`;
}

const plain = (quoted: string): string =>
  quoted
    .replaceAll(/^"|"$/g, '')
    .replaceAll(/\W+/g, '_')
    .replace(/^(?=\d)/, '_')
    .toLowerCase();
