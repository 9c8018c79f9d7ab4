import { queriesToShow } from '../../analysis/index.js';
import { shortHash } from '../../canonical-json.js';
import type { FilteredConfig } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { type Filter, NO_FILTER } from '../../filter.js';
import { storedColumn } from '../../json-path.js';
import type { Reporter } from '../../progress.js';
import { createRandom } from '../../random.js';
import {
  checkFilter,
  type Column,
  columnNamed,
  columnsOfJoin,
  createJoinedTable,
  drawReach,
  filteredStrategy,
  type JoinedStep,
  stepsOf,
} from '../../workloads/index.js';
import { prepareInTime, type PreparationTime } from '../preparation-time.js';
import type { PreparedFilter } from './task.js';
import {
  columnsOfAsk,
  type FilterAsk,
  type FilterGround,
  filterGround,
  type FilterContext,
  prepareFilter,
} from './prepare.js';

/** A place on the grid of filters, as asked. */
export interface Cell {
  readonly selectivity: number;
  readonly correlation: number;
}

/** A filter of a filtered workload: a named one, or one that was drawn for a cell of the grid. */
export interface FilterCase {
  /** Number of the filtered workload in the configuration. */
  readonly workload: number;
  /** As the user calls it; null for a cell of the grid. */
  readonly name: string | null;
  /** Null for a named filter. */
  readonly cell: Cell | null;
  readonly run: PreparedFilter;
}

/**
 * Refuses what does not fit the columns, before anything is read.
 *
 * @throws {PgvtuneError} `usage`: an unknown column or strategy, an operator or value that does not fit the column's type
 */
export function checkFilters(
  { filters, column, strategies, join, returns }: FilteredConfig,
  columns: readonly Column[],
): void {
  if (strategies !== 'all') for (const name of strategies) filteredStrategy(name);
  const known = new Set(columns.map(({ name }) => name));
  const named = [...(column ?? []), ...(returns && 'distinct' in returns ? [returns.distinct] : [])];
  const unknown = [...named.map(storedColumn), ...columnsOfJoin(join ?? null)].find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new PgvtuneError('usage', `Expected a column of the dataset in the filtered workload, got "${unknown}".`, {
      hint:
        known.size === 0
          ? 'The dataset has no columns beside its vectors.'
          : `Its columns are ${[...known].join(', ')}.`,
    });
  }
  for (const name of named) columnNamed(columns, name);
  const key = columns.find((column) => column.key)?.name;
  if (key !== undefined && returns && 'distinct' in returns && returns.distinct === key) {
    throw new PgvtuneError(
      'usage',
      `Rows are never equal in ${key}, the primary key: there is nothing to be distinct by.`,
      {
        hint: 'Name the column of the documents that the rows are parts of.',
      },
    );
  }
  for (const filter of Object.values(filtersByName(filters))) checkFilter(filter, columns);
  if (!filters && filterableColumns(columns, { column, join }).length === 0) {
    throw new PgvtuneError('usage', 'The dataset has no column to filter by.', {
      hint: 'Import it with its attributes, or leave the filtered workload out.',
    });
  }
}

/** Columns, or paths, that the values of a grid may be drawn from: those named, else those of the joined table, else all. */
function filterableColumns(
  columns: readonly Column[],
  { column, join }: Pick<FilteredConfig, 'column' | 'join'>,
): readonly Column[] {
  const names = column ?? (join && stepsOf(join).at(-1)!.columns);
  return names === undefined ? columns : names.map((name) => columnNamed(columns, name));
}

/** Filters that were made concrete, and the last ones of all, for which there was no time. */
export interface PreparedCases {
  readonly cases: readonly FilterCase[];
  readonly leftOut: readonly Pick<FilterCase, 'name' | 'cell'>[];
  readonly of: number;
}

/**
 * Makes every filter of the workloads concrete: named ones as they are, the others drawn on their grid.
 *
 * @throws {PgvtuneError} `usage` when a named filter leaves no row to any query
 */
export async function prepareFilterCases(
  workloads: readonly FilteredConfig[],
  context: FilterContext & {
    readonly recall: number;
    readonly reporter: Reporter;
    /** Null: it takes as long as it does. */
    readonly time: PreparationTime | null;
  },
): Promise<PreparedCases> {
  const columns = context.dataset.manifest.columns;
  const named = workloads.flatMap(namedAsks);
  const grids = workloads.flatMap((workload, number) => (workload.filters ? [] : [{ workload, number }]));
  if (named.length + grids.length === 0) return { cases: [], leftOut: [], of: 0 };
  const looked = grids.flatMap(({ workload: { column, join, returns } }) => [
    ...filterableColumns(columns, { column, join }).map(({ name }) => storedColumn(name)),
    ...columnsOfAsk({ filter: NO_FILTER, join: join ?? null, returns }),
  ]);
  // A point rests on fewer queries here: there are many points.
  const few = { ...context, queries: context.queries.slice(0, Math.max(QUERIES, 2 * queriesToShow(context.recall))) };
  const ground = await filterGround(few, [...new Set([...named.flatMap(columnsOfAsk), ...looked])]);
  for (const step of workloads.flatMap(({ join }) => stepsOf(join ?? null))) await checkJoined(ground, step);
  const task = context.reporter.start({ code: 'filters', data: {} }, 1, 'share');
  const cells = grids.flatMap(({ workload, number }) => cellsOf(workload).map((cell) => ({ workload, number, cell })));
  const cases: FilterCase[] = [];
  const add = async ({ filter, join, returns, ...place }: Asked): Promise<true> => {
    cases.push({ ...place, run: await prepareFilter(few, ground, { filter, join, returns }) });
    task.update(cases.length / (named.length + cells.length));
    return true;
  };
  const all = [
    ...named.map((ask) => ({ name: ask.name, cell: ask.cell, prepare: () => add(ask) })),
    ...cells.map(({ workload, number, cell }) => ({
      name: null,
      cell,
      async prepare() {
        const filter = await bestFilter(filterableColumns(columns, workload), cell, { ...few, ground });
        if (filter === null) return false;
        const { join = null, returns } = workload;
        return add({ workload: number, name: null, cell, filter, join, returns });
      },
    })),
  ];
  const leftOut = await prepareInTime(all, (one) => one.prepare(), context.time);
  task.finish();
  if (leftOut.length > 0) {
    context.reporter.note({ code: 'filters-left-out', data: { filters: leftOut.length, of: all.length } });
  }
  if (cases.length === 0) {
    throw new PgvtuneError('usage', 'No column has values of any of the selectivities that are asked for.', {
      hint: 'Name other selectivities, or your own filters: pgvtune dataset show tells the values of each column.',
    });
  }
  return { cases, leftOut, of: all.length };
}

/** @throws {PgvtuneError} `dataset` when rows of one key contradict each other: there is no such table to be joined */
async function checkJoined({ data }: FilterGround, step: JoinedStep): Promise<void> {
  const table = createJoinedTable(step);
  for await (const { attributes } of data.rows()) table.add(attributes);
}

/** Queries that a filtered point rests on, where more are not needed to show the recall. */
const QUERIES = 200;

type Asked = FilterAsk & Omit<FilterCase, 'run'>;

const namedAsks = ({ filters, join, returns }: FilteredConfig, workload: number): readonly Asked[] =>
  Object.entries(filtersByName(filters)).map(([name, filter]) => ({
    workload,
    name,
    cell: null,
    filter,
    join: join ?? null,
    returns,
  }));

/** Those of a workload that names its filters, or says that it has none. */
export const filtersByName = (filters: FilteredConfig['filters']): Readonly<Record<string, Filter>> =>
  filters === 'none' ? { 'no filter': NO_FILTER } : (filters ?? {});

const cellsOf = ({ selectivity, correlation }: FilteredConfig): readonly Cell[] =>
  correlation.flatMap((c) => selectivity.map((s) => ({ selectivity: s, correlation: c })));

/** How far a correlation may be from the asked one, for a filter to be taken without a look at others. */
const NEAR_ENOUGH = 0.1;
/** Of the queries, so many must get a value. */
const MOST_ASKED = 0.5;

/**
 * The filter for a cell whose values come nearest to what is asked: by equality where it can be, for that is what most
 * filters are and what most strategies can serve; else by lists, then by ranges. Null: no column has that selectivity.
 */
async function bestFilter(
  columns: readonly Column[],
  draw: Cell,
  { queries, seed, ground }: Pick<FilterContext, 'queries' | 'seed'> & { readonly ground: FilterGround },
): Promise<Filter | null> {
  let best: { readonly filter: Filter; readonly distance: number } | null = null;
  for (const filter of candidateFilters(columns, draw)) {
    const random = createRandom(seed).fork(`try ${shortHash(filter)}`);
    const reached = await drawReach(filter, ground.data, { queries: queries.order, near: ground.near, random });
    if (reached === null || reached.asked < MOST_ASKED) continue;
    const distance = Math.abs(reached.correlation - draw.correlation);
    if (distance <= NEAR_ENOUGH) return filter;
    if (best === null || distance < best.distance) best = { filter, distance };
  }
  return best?.filter ?? null;
}

function candidateFilters(columns: readonly Column[], draw: Cell): readonly Filter[] {
  const value = { draw };
  const of = (
    types: readonly Column['type'][],
    op: '=' | 'in' | 'contains' | 'between' | 'window',
  ): readonly Filter[] =>
    columns.filter(({ type }) => types.includes(type)).map(({ name: column }) => ({ column, op, value }));
  return [
    ...of(['text', 'number', 'boolean', 'date'], '='),
    ...of(['text[]', 'json'], 'contains'),
    ...of(['text', 'number'], 'in'),
    ...of(['number'], 'between'),
    ...of(['date'], 'window'),
  ];
}
