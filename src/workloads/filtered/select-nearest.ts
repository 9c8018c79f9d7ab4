import { orderByExpression, queryParameter } from '../../indexes/index.js';
import { ident } from '../../identifiers.js';
import { columnSql, storedColumn } from '../../json-path.js';
import type { IndexSpec } from '../../vocabulary.js';
import { vectorArgument, type WorkloadQuery } from '../query.js';
import { parameterisedFilter } from './render-filter.js';
import { ITEMS_ALIAS, stepOf, stepsOf } from './joins.js';
import { isAfterRow } from './returns/page.js';
import { returnForm } from './returns/registry.js';
import { type FilteredQuestion, ITEMS, type QueryPlace } from './strategies/strategy.js';

export interface SelectOptions extends QueryPlace {
  /** Whose expression the rows are ordered by. */
  readonly spec: IndexSpec;
  /** Unquoted; the table of the vectors unless a copy of it is asked. */
  readonly table?: string;
  /** The index gives rows only roughly in order: sort the k that come. */
  readonly resort?: boolean;
  /** Gathers the rows that match before it sorts them: then no index can give them in order. */
  readonly isMaterialized?: boolean | undefined;
}

/**
 * The k nearest rows among those that the filter leaves, or what is to be returned of them. `$1` is the query's vector, `$2` … are the filter's constants,
 * so that one statement serves all queries. It is meant to be planned with its constants
 * (`plan_cache_mode = force_custom_plan`): the plan that is right for a rare value is wrong for a frequent one, and a
 * partial index can be used only when the constant is known.
 */
export function selectNearest(question: FilteredQuestion, options: SelectOptions): WorkloadQuery {
  const { k, metric, queries, matching, columns, join, returns } = question;
  const { spec, table = ITEMS, quote, keyOf = () => 'id', resort = false, isMaterialized = false } = options;
  const { dimensions } = queries;
  const steps = stepsOf(join);
  const owner = (column: string): string => (join ? `${stepOf(steps, column)?.alias ?? ITEMS_ALIAS}.` : '');
  const ownedSql = (name: string): string => `${owner(name)}${columnSql(name)}`;
  /** By its own name in what is gathered. */
  const namedSql = (name: string): string =>
    storedColumn(name) === name ? ownedSql(name) : `${ownedSql(name)} AS ${ident(name)}`;
  const rendered = matching.filters.map((filter) =>
    parameterisedFilter(filter, { first: 2, columns, columnSql: ownedSql }),
  );
  const order = orderByExpression({
    spec,
    metric,
    column: join ? 'i.embedding' : 'embedding',
    dimensions,
    query: queryParameter(metric, dimensions),
  });
  const id = join ? 'i.id' : 'id';
  const joined = steps.map(
    (step) =>
      ` JOIN ${quote(step.table)} AS ${step.alias} ON ${step.alias}.${keyOf(step.table)} = ${step.from}.${ident(step.key)}`,
  );
  const from = join ? `${quote(table)} AS ${ITEMS_ALIAS}${joined.join('')}` : quote(table);
  const matches = rendered[0]?.text ?? 'false';
  const first = 2 + (rendered[0]?.values.length ?? 0);
  const after = isAfterRow(returns) ? [`(${order}, ${id}) > ($${first}::float8, $${first + 1}::bigint)`] : [];
  const where = [...(matches === 'true' ? [] : [after.length > 0 ? `(${matches})` : matches]), ...after].join(' AND ');
  const matchingRows = (select: string): string =>
    `SELECT ${select} FROM ${from}${where === '' ? '' : ` WHERE ${where}`}`;
  const ordered = (select: string, orderBy: string, limit = k): string =>
    `${matchingRows(select)} ORDER BY ${orderBy} LIMIT ${limit}`;
  const withDistance = `${id}, ${order} AS distance`;

  // `+ 0` keeps PostgreSQL 17 and later from taking the inner order for the outer one (pgvector's README).
  function textOf(): string {
    if (returns) {
      const form = returnForm(returns, k);
      const select = [withDistance, ...form.columns.map(namedSql)].join(', ');
      if (spec.method !== 'none')
        return `WITH nearest AS MATERIALIZED (${ordered(select, 'distance', form.rows)}) ${form.select}`;
      return `WITH nearest AS ${isMaterialized ? '' : 'NOT '}MATERIALIZED (${matchingRows(select)}) ${form.select}`;
    }
    if (isMaterialized)
      return `WITH matching AS MATERIALIZED (${matchingRows(withDistance)}) SELECT id FROM matching ORDER BY distance LIMIT ${k}`;
    return resort
      ? `WITH nearest AS MATERIALIZED (${ordered(withDistance, 'distance')}) SELECT id FROM nearest ORDER BY distance + 0`
      : ordered(id, order);
  }

  return {
    text: textOf(),
    arguments: (query) => [
      vectorArgument(metric, queries.vector(query)),
      ...rendered[matching.ofQuery[query]!]!.values,
    ],
  };
}
