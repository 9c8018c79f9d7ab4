import { orderByExpression, queryParameter } from '../../indexes/index.js';
import { columnSql } from '../../json-path.js';
import { parameterisedFilter } from '../filtered/index.js';
import { nearestRows } from '../rerank.js';
import { type Asked, FILTER } from './question.js';
import { textLeg } from './text-legs/registry.js';
import type { TextSql } from './text-legs/text-leg.js';

/** The distance of the vectors as they are stored, whatever the index keeps of them. */
export const distanceSql = ({ question: { metric, queries } }: Asked): string =>
  orderByExpression({
    spec: { representation: 'vector' },
    metric,
    column: 'embedding',
    dimensions: queries.dimensions,
    query: queryParameter(metric, queries.dimensions),
  });

/**
 * What an exact leg is ordered by. In the protected form it is no expression that an index is built on: an index of other
 * queries gave its own rows otherwise, at whatever settings it has.
 */
export const exactOrder = (asked: Asked): string =>
  asked.place.isProtected ? `(${distanceSql(asked)}) + 0` : distanceSql(asked);

export const tableSql = ({ place }: Asked): string => place.quote(place.table);

export const textSql = ({ question, place, settings }: Asked): TextSql =>
  textLeg(question.text.method).sql(question.text, place, settings);

/**
 * The vector leg's first rows, `(id, score)`: scores are negative distances of the stored vectors.
 *
 * @param where rows that count; all when absent
 */
export function vectorRows(asked: Asked, limit: number, where?: string): string {
  const { spec, isProtected = false } = asked.place;
  const columns = `id, -(${distanceSql(asked)}) AS score`;
  if (isProtected && spec.method === 'none') {
    const rows = `SELECT ${columns} FROM ${tableSql(asked)}${whereSql(where ?? null, filterSql(asked))}`;
    return `${rows} ORDER BY ${exactOrder(asked)} LIMIT ${limit}`;
  }
  return nearestRows({
    table: tableSql(asked),
    spec,
    metric: asked.question.metric,
    dimensions: asked.question.queries.dimensions,
    limit,
    settings: asked.settings,
    columns,
    where: allOf(where ?? null, filterSql(asked)) ?? undefined,
  });
}

/**
 * The text leg's rows, `(id, score)`; needs the text's common table expressions before it.
 *
 * @param limit null: all rows that match
 */
export function textRows(asked: Asked, limit: number | null): string {
  const { matches, score, order } = textSql(asked);
  const rows = `SELECT id, ${score} AS score FROM ${tableSql(asked)}`;
  const cut = limit === null ? '' : ` LIMIT ${limit}`;
  const filter = filterSql(asked);
  if (order === null) return `${rows}${whereSql(matches, filter)} ORDER BY score DESC, id${cut}`;
  // Once the index has no more matches, it goes on with rows that have nothing in common with the query.
  return `SELECT id, score FROM (${rows}${whereSql(filter)} ORDER BY ${order}${cut}) AS candidates WHERE score > 0 ORDER BY score DESC, id`;
}

/** The question's filter over the columns of the table; null: all rows count. Its constants are parameters. */
export function filterSql({ question: { filter } }: Asked): string | null {
  if (filter === null) return null;
  const [first] = filter.matching.filters;
  // They differ in their constants only.
  return parameterisedFilter(first!, { columns: filter.columns, columnSql, first: FILTER }).text;
}

/** ` WHERE …` of all conditions that there are; empty when there is none. */
export function whereSql(...conditions: readonly (string | null)[]): string {
  const all = allOf(...conditions);
  return all === null ? '' : ` WHERE ${all}`;
}

function allOf(...conditions: readonly (string | null)[]): string | null {
  const given = conditions.filter((condition) => condition !== null);
  return given.length < 2 ? (given[0] ?? null) : given.map((condition) => `(${condition})`).join(' AND ');
}

/** A statement of common table expressions and what is made of them. */
export const withTables = (tables: readonly string[], select: string): string =>
  tables.length === 0 ? select : `WITH ${tables.join(', ')} ${select}`;
