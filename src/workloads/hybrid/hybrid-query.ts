import { type QueryArgument, vectorArgument, type WorkloadQuery } from '../query.js';
import { parameterisedFilter } from '../filtered/index.js';
import { replaceParameters } from '../../sql-parameters.js';
import { columnSql } from '../../json-path.js';
import { distanceSql, filterSql, tableSql, textRows, textSql, whereSql, withTables } from './leg-sql.js';
import { FILTER, type Asked, type HybridQuestion, type Side } from './question.js';
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
  const rows = `SELECT id, -(${distance}) AS score FROM ${tableSql(asked)}${whereSql(filterSql(asked))} ORDER BY ${distance}${cut}`;
  return bound(rows, ['vector'], asked.question);
}

function bound(sql: string, sides: readonly Side[], { metric, queries, texts, filter }: HybridQuestion): WorkloadQuery {
  const constants = (query: number): readonly QueryArgument[] => {
    if (filter === null) return [];
    const { matching, columns } = filter;
    return parameterisedFilter(matching.filters[matching.ofQuery[query]!]!, { columns, columnSql, first: 1 }).values;
  };
  const argument = (side: Side, query: number): QueryArgument =>
    side === 'vector' ? vectorArgument(metric, queries.vector(query)) : (texts[query] ?? '');
  /** What is asked of a side that the statement lacks leaves its place to what follows. */
  const placeOf = (number: number): number =>
    number >= FILTER ? sides.length + 1 + number - FILTER : sides.includes('vector') ? number : number - 1;
  return {
    text: replaceParameters(sql, (number) => `$${placeOf(number)}`),
    arguments: (query) => [...sides.map((side) => argument(side, query)), ...constants(query)],
  };
}
