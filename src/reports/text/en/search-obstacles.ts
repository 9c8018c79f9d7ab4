import type { SearchObstacle } from '../../../results/index.js';
import { formatApart, formatCount, formatFixed, formatPercent } from '../../../units.js';
import type { Catalogue } from '../catalogue.js';
import { plural } from './plural.js';

const FENCES = {
  offset: 'OFFSET',
  limit: 'a LIMIT of its own',
  distinct: 'DISTINCT',
  'group-by': 'GROUP BY',
  'set-operation': 'UNION, INTERSECT or EXCEPT',
  window: 'a window function',
  lock: 'FOR UPDATE or FOR SHARE',
  recursion: 'recursion',
} as const;

const DISTINCT = {
  distinct: 'DISTINCT',
  'distinct-on': 'DISTINCT ON',
  'group-by': 'GROUP BY',
  aggregate: 'An aggregate',
} as const;

/** Operators that order vectors of length 1 alike. */
const ALIKE = ['<->', '<#>', '<=>'];

const costs = ({ cost, indexCost }: { readonly cost: number; readonly indexCost: number }): string =>
  `${formatApart((value, digits) => formatFixed(value, digits - 3), cost, indexCost).join(' against ')} with the index`;

/** What keeps an index out of a statement's plan, or rows out of its answer. */
export const searchObstacles: Catalogue<SearchObstacle> = {
  'rank-window': ({ function: name }) =>
    `${name}() OVER (ORDER BY distance) numbers every row of the table before some are kept. An index serves ORDER BY with LIMIT.`,
  'threshold-only': () =>
    'The statement bounds the distance and does not order by it. An index only returns rows in the order of their distance.',
  'materialized-cte': ({ cte }) =>
    `The common table expression ${cte} is computed as a whole first, and its result has no index: it is MATERIALIZED, or used more than once.`,
  'subquery-fence': ({ fence }) =>
    `The table is read in a subquery with ${FENCES[fence]}, which is computed by itself: the order outside does not reach the index.`,
  'distance-function': ({ function: name, operator }) =>
    `The distance is written as ${name}(…). An index knows its operator ${operator} only.`,
  'order-expression': ({ expression, grows, rounds, movesNulls }) =>
    grows
      ? [
          `The rows are ordered by ${expression}. It orders like the distance, but an index serves only the bare distance, ascending.`,
          ...(rounds ? ['Rows that rounding makes equal are ordered by the distance.'] : []),
          ...(movesNulls
            ? [
                'Rows without a vector do not come last in it: by the distance they do, and an index leaves them out. With NULLS LAST, or a condition that the column IS NOT NULL, both ask for the same rows.',
              ]
            : []),
        ].join(' ')
      : `The rows are ordered by ${expression}, of which the distance is one part. An index gives candidates by the distance; they have to be sorted again.`,
  descending: ({ expression }) =>
    `The rows are ordered by ${expression}: the farthest first. An index gives the nearest first. A similarity falls as the distance grows, so ORDER BY distance, without DESC, is what is usually meant.`,
  'nulls-first': () =>
    'NULLS FIRST puts rows without a vector before the nearest, and no index of pgvector holds such rows.',
  'sorted-by-other-first': ({ keys }) =>
    `${keys === 1 ? 'Another sort key comes' : `${keys} sort keys come`} before the distance, so the distance only decides among equal rows.`,
  'distinct-rows': ({ by }) =>
    `${DISTINCT[by]} makes one row of several, for which all rows are read first. Candidates can be fetched by the distance before that; fewer rows than the LIMIT may be left of them.`,
  'no-limit': () =>
    'There is no LIMIT: every row is asked for, and sorting the table once is cheaper than an index scan over all of it.',
  'operand-of-another-table': ({ operand }) =>
    `The query vector ${operand} is a column of another table in FROM. An index scan needs its value before it begins: take it by a scalar subquery, which has to find exactly one row.`,
  'volatile-operand': ({ operand, function: name }) =>
    `The query vector ${operand} calls ${name}(), which is VOLATILE: it counts as another vector for each row. In a scalar subquery it is computed once. A function that always returns the same for the same arguments should be declared IMMUTABLE or STABLE.`,
  'column-expression': ({ expression, column }) =>
    `The distance is of ${expression}; the index is on something else. An index serves exactly the expression that it was built on (here of the column ${column}).`,
  'operand-type': ({ type, wanted }) =>
    `The query vector is cast to ${type}, so PostgreSQL converts the column of every row to ${type}. Cast it to ${wanted}.`,
  'no-index': ({ table, column }) => `${table}.${column} has no HNSW or IVFFlat index.`,
  'invalid-index': ({ index }) =>
    `Index ${index} is invalid: an interrupted CREATE INDEX CONCURRENTLY leaves such an index, and the planner ignores it.`,
  'operator-mismatch': ({ operator, indexes }) =>
    `The statement orders by ${operator}, and no index is built for that: ${indexes.map(({ index, operator: own }) => `${index} serves ${own}`).join(', ')}. Either the statement or the index has the wrong operator; they order rows differently${[operator, ...indexes.map(({ operator: own }) => own)].every((one) => ALIKE.includes(one)) ? ', unless all vectors have length 1' : ''}.`,
  'index-on-expression': ({ index, expression }) =>
    `Index ${index} is on ${expression}; the statement orders by the distance of the column itself. It has to repeat the expression. The order is then that of what the index keeps, at its precision.`,
  'partial-index': ({ index, predicate }) =>
    `Index ${index} holds only the rows WHERE ${predicate}, and the statement does not restrict itself to them in a form that PostgreSQL can prove.`,
  'partition-without-index': ({ partitions, of }) =>
    `${partitions.length} of ${plural(of, { one: 'partition', other: 'partitions' })} with rows ${partitions.length === 1 ? 'has' : 'have'} no such index: ${partitions.join(', ')}. ${partitions.length === 1 ? 'Its' : 'Their'} rows are read and sorted for each query.`,
  'method-off': ({ setting }) => `${setting} is off for this role, database or server.`,
  'never-analysed': ({ table }) => `${table} was never analysed, so the planner guesses its size.`,
  'further-keys': ({ keys }) =>
    `${keys === 1 ? 'A further sort key follows' : `${keys} further sort keys follow`} the distance. Rows at exactly the same distance are rare: leave it out, or sort the answer again outside.`,
  'generic-plan': ({ mode, custom, generic, limit }) =>
    `${mode === 'auto' ? 'As a prepared statement it may get a generic plan from its sixth execution on' : `plan_cache_mode is ${mode}`}: ${generic}. Planned for its parameters it is: ${custom}.${limit ? ' LIMIT is a parameter, and without its value the planner expects a tenth of the rows: write the number into the statement.' : ''}`,
  'small-table': ({ rows, pages, ...rest }) =>
    `The table has ${plural(rows, { one: 'row', other: 'rows' })} on ${plural(pages, { one: 'page', other: 'pages' })}: reading all of them is cheaper for the planner (cost ${costs(rest)}), exact, and takes milliseconds. An index will be used once the table has grown.`,
  'cheaper-filter': ({ plan, selectivity, crossover, ...rest }) =>
    `The planner expects ${formatPercent(selectivity, 2)} of the rows to meet the condition, and takes ${plan} (cost ${costs(rest)}).${crossover === null ? '' : ` By its model a scan of the table loses to the index from about ${formatPercent(crossover, 2)} of the rows on.`} For few rows that is right, and its answer is exact.`,
  'cheaper-join': ({ plan, tables, ...rest }) =>
    `Joined with ${tables.join(', ')}, another plan is cheaper for the planner: ${plan} (cost ${costs(rest)}). Searching first, and joining the rows that were found, keeps the index.`,
  'cheaper-scan': ({ plan, ...rest }) =>
    `The planner prefers ${plan} (cost ${costs(rest)}). It counts every page of an index as a random read at random_page_cost, which is 4 by default and too high for SSDs and cached indexes.`,
  'not-explained': ({ plan }) =>
    `The index is not used even when every other plan is discouraged: ${plan}. Nothing that pgvtune knows explains it.`,
  'limit-above-setting': ({ setting, most, rows, withOffset }) =>
    `The index is asked for ${rows === null ? 'every row (there is no LIMIT)' : `${plural(rows, { one: 'row', other: 'rows' })} (${withOffset ? 'LIMIT and OFFSET together' : 'LIMIT'})`}, and returns at most ${formatCount(most)} (${setting}): the others are missing from the answer, without an error.`,
  'filter-after-scan': ({ setting }) =>
    `The condition is applied to the rows that the index returned, and ${setting} is off: where many of them fail it, rows are missing from the answer. Such a scan goes on until there are enough, or until ${setting === 'ivfflat.iterative_scan' ? 'ivfflat.max_probes' : 'hnsw.max_scan_tuples'}.`,
  'settings-cost-index': ({ plan, cost, indexCost }) =>
    `With these settings the planner takes ${plan} instead of the index (cost ${cost.toFixed(0)}; ${indexCost.toFixed(0)} without them): its answer is exact and complete.`,
};
