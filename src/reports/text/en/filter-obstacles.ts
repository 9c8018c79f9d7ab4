import { describeRepresentation, indexKind } from '../../../indexes/index.js';
import type { FilterLimit, FilterMiss, FilterObstacle, FilterShortfall } from '../../../results/index.js';
import { formatCount, formatMs, formatPercent } from '../../../units.js';
import { type Catalogue, textOf } from '../catalogue.js';
import { partOf, plural } from './plural.js';
import { reasons } from './reasons.js';
import { unmet } from './target.js';

const limits: Catalogue<FilterLimit> = {
  'found-by-primary-key': () => 'The primary key finds the rows: that is `pre-filter`.',
  'no-index-for-filter': () => 'No index can find the rows that this filter leaves.',
  'not-a-range': () => 'Block ranges serve only conditions on a range of values.',
  'no-filter': () => 'Every row counts: there is nothing to restrict an index to.',
  'no-rows': () => 'No row has this value: there is no index and no partition for it.',
  'joined-rows-scattered': ({ table }) => `The rows that join to ${table} are scattered over the table.`,
  'no-vector-index': () => 'It needs a vector index.',
  'needs-reranking': ({ spec }) =>
    `The rows of an index on ${describeRepresentation(spec)} must be re-ranked, which filtered queries do not do.`,
  'no-iterative-scan': ({ method, mode }) => `${indexKind(method).title} has no iterative scan in ${mode}.`,
  'iterative-scan-too-new': ({ since, pgvector }) =>
    `Iterative scans came with pgvector ${since}; the server has ${pgvector}.`,
  'predicate-on-joined-columns': ({ table }) =>
    `An index cannot be restricted by columns of ${table}: copy them to the rows.`,
  'too-many-indexes': ({ filters, most }) =>
    `The queries have ${plural(filters, { one: 'different filter', other: 'different filters' })}; the limit is ${plural(most, { one: 'index', other: 'indexes' })} per table.`,
  'conflicting-parameters': ({ spec, rows }) =>
    indexKind(spec.method).conflict(spec.parameters, { rows })?.message ?? 'The build parameters do not fit the rows.',
  'all-classes-small': ({ rows }) =>
    `No filter leaves ${plural(rows, { one: 'row', other: 'rows' })} or more: all classes are small enough to be sorted.`,
  'all-classes-large': ({ rows }) =>
    `Every filter leaves ${plural(rows, { one: 'row', other: 'rows' })} or more: no class is small enough to be sorted.`,
  'no-window': () => 'Partitions by range need a filter with a beginning and an end.',
  'no-equality': () => 'Partitions need a filter by = or IN.',
  'partition-by-joined-column': ({ table }) =>
    `A table cannot be partitioned by a column of ${table}: copy it to the rows.`,
  'partition-with-join': () => 'Partitions are not combined with a join.',
  'merged-out-of-order': () =>
    'Several partitions that are each scanned in relaxed order would be merged out of order.',
  'too-many-partitions': ({ values, most }) =>
    `The queries ask for ${plural(values, { one: 'value', other: 'values' })}; the limit is ${plural(most, { one: 'partition', other: 'partitions' })}.`,
  'no-join': () => 'There is no join to avoid.',
  'orphaned-rows': ({ rows, key }) => `${plural(rows, { one: 'row has', other: 'rows have' })} no ${key}.`,
};

const misses: Catalogue<FilterMiss> = {
  'not-measured': () => 'It could not be measured.',
  'bounds-unmet': ({ unmet: missed }) =>
    `Its recall suffices, but ${missed.map((fact) => textOf(unmet, fact)).join('; ')}.`,
  'recall-missed': ({ recall, completeness, medianMs, ended, timesSlower }) => {
    const rows = completeness < 0.995 ? ` and returns ${formatPercent(completeness, 1)} of the rows` : '';
    const reached = `It reaches a recall of ${recall.toFixed(3)}${rows} in ${formatMs(medianMs)}`;
    if (ended === 'highest') return `${reached} at its highest settings.`;
    if (timesSlower === null) return `${reached} at best.`;
    return `${reached}; higher settings were not tried, because another strategy was ${Number(timesSlower.toPrecision(2))} times as fast.`;
  },
};

/** Why a strategy is not the choice for a filter. */
export const filterObstacles: Catalogue<FilterObstacle> = { ...limits, ...misses, ...reasons };

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;

/** What the data could not give of a filter. */
export const filterShortfalls: Catalogue<FilterShortfall> = {
  'no-own-value': ({ column, queries, of }) =>
    `${partOf(queries, of, { one: `has no ${column} of its own`, other: `have no ${column} of their own` })}.`,
  'nothing-so-selective': ({ column, selectivity }) =>
    `Nothing in ${column} leaves ${percent(selectivity)} of the rows.`,
  'other-correlation': ({ column, selectivity, reached, asked }) =>
    `What in ${column} leaves ${percent(selectivity)} of the rows has a correlation with the queries of ${reached.toFixed(2)} at best, not ${asked}.`,
  'shorter-than-window': ({ column, days }) => `The values of ${column} span fewer than ${days} days.`,
  'no-value-of-so-many-rows': ({ column, rows }) =>
    `No value of ${column} is that of ${plural(rows, { one: 'row', other: 'rows' })}.`,
  'cut-by-threshold': ({ within, mean, k, none, full, of }) =>
    `On average ${mean.toFixed(1)} rows per query are nearer than ${within}; ${k} were asked for. Queries with all of them: ${full}; with none: ${none}, which say nothing about the recall; in all: ${of}.`,
  'no-row-left': ({ queries, of }) =>
    `The filter of ${formatCount(queries)} of ${plural(of, { one: 'query', other: 'queries' })} leaves no row.`,
};
