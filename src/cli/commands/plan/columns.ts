import {
  type ColumnIndexPlan,
  FIXED_TYPES,
  keyBytes,
  MOST_BTREE_KEY_BYTES,
  type PlannedColumn,
  VARIABLE_TYPES,
} from '../../../capacity/index.js';
import { PgvtuneError } from '../../../errors.js';
import { parseRows } from '../../../units.js';

const COLUMN = /^\s*(\S+)\s+(\w+)(?:\(([^)]*)\))?(?:\s+(\w+)(?:\(([^)]*)\))?)?\s*$/;
const HINT = "Write a name, a type and perhaps an index: 'tenant int btree(1000)', 'body text(900) gin(80)'.";

/**
 * `tenant int btree(1000)`: a name, a type (of variable length with its average bytes), and an index with the number of
 * different values (btree), or of different words in a row and in all rows (gin).
 *
 * @throws {PgvtuneError} `usage`
 */
export function parseColumn(text: string): PlannedColumn {
  const [, name, type = '', bytes, method, figures] = COLUMN.exec(text) ?? [];
  if (name === undefined) throw refused(`Expected a column, got "${text}".`);
  const index = parseIndex(method, figures?.split(',').map((figure) => parseRows(figure)) ?? []);
  const fixed = FIXED_TYPES.find((known) => known === type);
  if (fixed !== undefined) {
    if (bytes !== undefined) throw refused(`${type} has a fixed length, got "${text}".`);
    return checked({ name, type: fixed, averageBytes: 0, index });
  }
  const variable = VARIABLE_TYPES.find((known) => known === type);
  if (variable === undefined) {
    throw refused(`Expected one of ${[...FIXED_TYPES, ...VARIABLE_TYPES].join(', ')}, got "${type}".`);
  }
  if (bytes === undefined) throw refused(`${type} needs the average bytes of a value: ${type}(200).`);
  return checked({ name, type: variable, averageBytes: parseRows(bytes), index });
}

function parseIndex(method: string | undefined, figures: readonly number[]): ColumnIndexPlan | null {
  const [first, second] = figures;
  if (method === undefined) return null;
  if (method === 'btree') return { method, distinct: first ?? null };
  if (method !== 'gin') throw refused(`Expected an index btree or gin, got "${method}".`);
  if (first === undefined) throw refused('gin needs the different words of a row on average: gin(80).');
  return { method, lexemes: first, vocabulary: second ?? null };
}

function checked(column: PlannedColumn): PlannedColumn {
  if (column.index?.method === 'btree' && keyBytes(column) > MOST_BTREE_KEY_BYTES) {
    throw refused(`A btree takes keys up to ${MOST_BTREE_KEY_BYTES} bytes; ${column.name} is longer.`);
  }
  return column;
}

const refused = (message: string): PgvtuneError => new PgvtuneError('usage', `--column: ${message}`, { hint: HINT });
