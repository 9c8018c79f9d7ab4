import type { QueryArgument, WorkloadQuery } from '../query.js';
import { textRows, textSql, distanceSql, tableSql, withTables } from './leg-sql.js';
import { TEXT, type Asked, type HybridQuestion, type Side } from './question.js';
import type { HybridStrategy } from './strategies/strategy.js';

/** The statement of a strategy, and its arguments for every query of the question. */
export const hybridQuery = ({ sides, sql }: HybridStrategy, asked: Asked): WorkloadQuery =>
  bound(sql(asked), sides, asked.question);

/**
 * One leg alone at any depth, best first, as rows `(id, score)`: exact when the index of its side is out of sight. A BM25
 * leg cannot do without its index, but that one is exact.
 *
 * @param depth null: the vector leg gives all rows, the text leg all that match
 */
export function legQuery(side: Side, depth: number | null, asked: Asked): WorkloadQuery {
  if (side === 'text') return bound(withTables(textSql(asked).with, textRows(asked, depth)), ['text'], asked.question);
  const distance = distanceSql(asked);
  const cut = depth === null ? '' : ` LIMIT ${depth}`;
  const rows = `SELECT id, -(${distance}) AS score FROM ${tableSql(asked)} ORDER BY ${distance}${cut}`;
  return bound(rows, ['vector'], asked.question);
}

function bound(sql: string, sides: readonly Side[], { queries, texts }: HybridQuestion): WorkloadQuery {
  const argument = (side: Side, query: number): QueryArgument =>
    side === 'vector' ? queries.vector(query) : (texts[query] ?? '');
  return {
    text: sides.includes('vector') ? sql : sql.replaceAll(TEXT, '$1::text'),
    arguments: (query) => sides.map((side) => argument(side, query)),
  };
}
