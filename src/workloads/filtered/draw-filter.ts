import { PgvtuneError } from '../../errors.js';
import type { Condition, Draw, Filter, Join, Scalar } from '../../filter.js';
import type { Random } from '../../random.js';
import type { FilterShortfall } from '../../results/index.js';
import { type Choose, keySets, type RangeForm, ranges, singleKeys } from './candidates.js';
import { checkFilter, columnNamed } from './check-filter.js';
import { checkMembers } from './check-members.js';
import { createKeyCensus, createNumberCensus } from './column-census.js';
import { type Attributes, type Column, stepMs, valueOfInstant, valueReader } from './columns.js';
import { bind, columnsOf, drawnConditions } from './conditions.js';
import { drawBySelectivity, drawDays, type DrawnConstants, drawKeys, drawOwn, drawRows } from './draw.js';
import { columnsOfJoin, stepOf, stepsOf } from './joins.js';
import { isKey } from './key-index.js';
import { ITEMS } from './strategies/strategy.js';
import { type FilterMeasure, measureFilters, type Neighbours } from './filter-measure.js';
import { distinctFilters, matchingRows, type MatchingRows } from './matching-rows.js';

/** A dataset as far as filters are concerned. */
export interface FilteredData {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** Attributes of the base rows, in row order; read up to three times. */
  rows(): AsyncIterable<{ readonly attributes: Attributes }>;
  /** Attributes of the queries. */
  queryRows(): AsyncIterable<{ readonly attributes: Attributes }>;
}

/** A filter made concrete for the queries of a run. */
export interface DrawnFilter extends MatchingRows {
  /** Positions among the given queries of those that can be asked: `ofQuery` is about these, in this order. */
  readonly asked: readonly number[];
  readonly measure: FilterMeasure;
  /** What the data could not give. */
  readonly shortfalls: readonly FilterShortfall[];
}

export interface PrepareOptions {
  /** Numbers of the dataset's queries that are to be asked. */
  readonly queries: readonly number[];
  /** Nearest rows of those queries, in that order, without any filter: 100 or more of them. */
  readonly near: Neighbours;
  readonly join: Join | null;
  readonly random: Random;
}

/**
 * Draws what is to be drawn, finds the rows that match, and measures how selective and how correlated the filter has
 * become. Queries that have no value of their own, or whose filter leaves no row, are not asked; where the data has
 * nothing of the selectivity, no query is asked, and the shortfalls say why.
 *
 * @throws {PgvtuneError} `usage`: a filter or join that does not fit the columns, or that leaves no row to any query
 */
export async function drawFilter(
  filter: Filter,
  data: FilteredData,
  { queries, near, join, random }: PrepareOptions,
): Promise<DrawnFilter> {
  checkFilter(filter, data.columns);
  if (join) checkJoin(join, filter, data.columns);
  await checkMembers(filter, data);

  const mayBeEmpty = isMeantEmpty(filter);
  const drawn = await drawAll(filter, data, { queries, near, random });
  const drawable = [...queries.keys()].filter((query) => drawn.every(({ constants }) => constants[query] !== null));
  const filterOf = (query: number): Filter =>
    bind(
      filter,
      drawn.map(({ constants }) => constants[query]!),
    );
  const all = await matchingRows(data.rows(), distinctFilters(drawable.map(filterOf)), {
    ...data,
    keys: stepsOf(join).map(({ key }) => key),
    mayBeEmpty,
  });
  const positions = [...drawable.keys()].filter((i) => mayBeEmpty || all.matches[all.ofQuery[i]!]! > 0);
  const asked = positions.map((i) => drawable[i]!);
  const matching = { ...all, ofQuery: Int32Array.from(positions, (i) => all.ofQuery[i]!) };
  const unmatched = drawable.length - asked.length;
  return {
    ...matching,
    asked,
    measure: measureFilters(matching, nearOf(near, asked)),
    shortfalls: [
      ...drawn.flatMap(({ shortfall }) => shortfall ?? []),
      ...(unmatched > 0 ? [{ code: 'no-row-left', data: { queries: unmatched, of: queries.length } } as const] : []),
    ],
  };
}

/**
 * How near the values that would be drawn for a filter come to what it asks for: to choose among columns. No row is put
 * to the filter.
 *
 * @returns null when nothing is drawn by a selectivity, or nothing suits
 */
export async function drawReach(
  filter: Filter,
  data: FilteredData,
  options: Pick<PrepareOptions, 'queries' | 'near' | 'random'>,
): Promise<DrawnConstants['reached']> {
  checkFilter(filter, data.columns);
  const [drawn] = await drawAll(filter, data, options);
  return drawn?.reached ?? null;
}

/** @throws {PgvtuneError} `usage` */
function checkJoin(join: Join, filter: Filter, known: readonly Column[]): void {
  const steps = stepsOf(join);
  for (const name of columnsOfJoin(join)) columnNamed(known, name);
  for (const { table, key, columns } of steps) {
    const own = columns.find((name) => isKey(known, name));
    if (own !== undefined) {
      throw new PgvtuneError('usage', `${own} is the primary key of the rows, and cannot be a column of ${table}.`, {
        hint: `Filter by ${key}, by which the rows name an entry there.`,
      });
    }
    if (!columns.includes(key)) continue;
    throw new PgvtuneError('usage', `The key ${key} of ${table} cannot be one of its other columns, too.`, {
      hint: 'Leave it out of join.columns.',
    });
  }
  const tables = steps.map(({ table }) => table);
  if (new Set([...tables, ITEMS]).size <= tables.length) {
    throw new PgvtuneError('usage', `A join needs tables of different names, got ${[ITEMS, ...tables].join(', ')}.`);
  }
  const { table } = steps.at(-1)!;
  if (!columnsOf(filter).some((name) => stepOf(steps, name)?.table === table)) {
    throw new PgvtuneError('usage', `No column of the filter is stored in ${table}, so there is nothing to join.`, {
      hint: `Name the filter's columns in join.columns: ${columnsOf(filter).join(', ')}.`,
    });
  }
}

function nearOf({ k, rows }: Neighbours, queries: readonly number[]): Neighbours {
  const near = new Int32Array(queries.length * k);
  for (const [i, query] of queries.entries()) near.set(rows.subarray(query * k, (query + 1) * k), i * k);
  return { k, rows: near };
}

async function drawAll(
  filter: Filter,
  data: FilteredData,
  { queries, near, random }: Pick<PrepareOptions, 'queries' | 'near' | 'random'>,
): Promise<readonly DrawnConstants[]> {
  const conditions = drawnConditions(filter);
  if (conditions.length === 0) return [];
  const own = await attributesOf(data.queryRows(), queries);
  const drawings = conditions.map(({ column: name, op, draw }, i): Drawing => {
    const column = columnNamed(data.columns, name);
    if (draw === 'own') return { census: null, finish: () => drawOwn(op, column, own) };
    const fork = random.fork(`${i} ${name}`);
    if ('days' in draw || 'rows' in draw)
      return drawCounted(op, column, draw, { data, near, queries: queries.length, random: fork });
    const options = { ...draw, near, random: fork };
    const { census, choose } = createChooser(op, column, data.rowCount, options);
    return {
      census: { read: valueReader(name), add: census.add },
      finish: () => drawBySelectivity(name, { ...options, choose: choose(), queries: queries.length }),
    };
  });
  const censuses = drawings.flatMap(({ census }) => census ?? []);
  if (censuses.length > 0) {
    for await (const { attributes } of data.rows()) for (const { read, add } of censuses) add(read(attributes));
  }
  return drawings.map(({ finish }) => finish());
}

/** A draw under way: what it has to see of each row, if anything, and what comes of it. */
interface Drawing {
  readonly census: {
    readonly read: (attributes: Attributes) => unknown;
    readonly add: (value: unknown) => void;
  } | null;
  readonly finish: () => DrawnConstants;
}

/** Days and numbers of rows, which the column's values say alone. */
function drawCounted(
  op: Condition['op'],
  column: Column,
  draw: Extract<Draw, object>,
  {
    data,
    near,
    ...options
  }: { readonly data: FilteredData; readonly near: Neighbours; readonly queries: number; readonly random: Random },
): Drawing {
  if ('days' in draw) {
    const census = createNumberCensus(column, data.rowCount);
    return {
      census: { read: valueReader(column.name), add: census.add },
      finish: () => drawDays(column, census.take(), { ...options, ...draw }),
    };
  }
  if (!('rows' in draw)) throw new TypeError('A selectivity is drawn with a look at the queries.');
  const census = createKeyCensus(column, near);
  return {
    census: { read: valueReader(column.name), add: census.add },
    finish: () => (op === 'in' ? drawKeys : drawRows)(column, census.take(), { ...options, ...draw }),
  };
}

/** Whether a filter is meant to leave no row. */
const isMeantEmpty = (filter: Filter): boolean =>
  drawnConditions(filter).some(({ draw }) => typeof draw === 'object' && 'rows' in draw && draw.rows === 0);

async function attributesOf(
  rows: AsyncIterable<{ readonly attributes: Attributes }>,
  numbers: readonly number[],
): Promise<readonly Attributes[]> {
  const all: Attributes[] = [];
  for await (const { attributes } of rows) all.push(attributes);
  return numbers.map((number) => all[number] ?? {});
}

/** Reads a column, and then chooses constants of it for a condition. */
function createChooser(
  op: Condition['op'],
  column: Column,
  rowCount: number,
  options: { readonly near: Neighbours; readonly selectivity: number; readonly random: Random },
): { readonly census: { readonly add: (value: unknown) => void }; readonly choose: () => Choose } {
  if (op === '=' || op === 'in' || op === 'contains') {
    const census = createKeyCensus(column, options.near);
    return { census, choose: () => (op === 'in' ? keySets : singleKeys)(census.take(), options) };
  }
  const census = createNumberCensus(column, rowCount);
  return { census, choose: () => ranges(census.take(), { ...options, ...rangeOf(op, column) }) };
}

function rangeOf(op: Condition['op'], column: Column): RangeForm {
  const write = (value: number): Scalar => (column.type === 'date' ? valueOfInstant(column, value) : value);
  if (op === '<=') return { shape: 'below', constant: ([, high]) => write(high) };
  if (op === '>=') return { shape: 'above', constant: ([low]) => write(low) };
  // The end of a window is not in it.
  const beyond = op === 'window' ? stepMs(column) : 0;
  return { shape: 'between', constant: ([low, high]) => [write(low), write(high + beyond)] };
}
