import type { FilteredConfig } from '../config/index.js';
import { PgvtuneError } from '../errors.js';
import type { Filter } from '../filter.js';
import type { Reporter } from '../progress.js';
import { checkFilter, type Column, filteredStrategy } from '../workloads/index.js';
import type { FilterRun } from './filtered-task.js';
import { columnsOfAsk, type FilterAsk, filterGround, type FilterRunsContext, prepareFilterRun } from './filter-runs.js';

/** A place on the grid of filters, as asked. */
export interface Cell {
  readonly selectivity: number;
  readonly correlation: number;
}

/** A filter of a filtered workload: a named one, or one that was drawn for a cell of the grid. */
export interface FilterCase {
  /** Number of the filtered workload in the configuration. */
  readonly workload: number;
  readonly name: string;
  /** Null for a named filter. */
  readonly cell: Cell | null;
  readonly run: FilterRun;
}

/**
 * Refuses what does not fit the columns, before anything is read.
 *
 * @throws {PgvtuneError} `usage`: an unknown column or strategy, an operator or value that does not fit the column's type
 */
export function checkFilters({ filters, column, strategies, join }: FilteredConfig, columns: readonly Column[]): void {
  if (strategies !== 'all') for (const name of strategies) filteredStrategy(name);
  const known = new Set(columns.map(({ name }) => name));
  const unknown = [...(column ?? []), ...(join ? [join.key, ...join.columns] : [])].find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new PgvtuneError('usage', `Expected a column of the dataset in the filtered workload, got "${unknown}".`, {
      hint:
        known.size === 0
          ? 'The dataset has no columns beside its vectors.'
          : `Its columns are ${[...known].join(', ')}.`,
    });
  }
  for (const filter of Object.values(filters ?? {})) checkFilter(filter, columns);
  if (!filters && filterableColumns(columns, column).length === 0) {
    throw new PgvtuneError('usage', 'The dataset has no column to filter by.', {
      hint: 'Import it with its attributes, or leave the filtered workload out.',
    });
  }
}

const filterableColumns = (columns: readonly Column[], names: readonly string[] | undefined): readonly Column[] =>
  columns.filter(({ name }) => names === undefined || names.includes(name));

/**
 * Makes every filter of the workloads concrete: named ones as they are, the others drawn on their grid.
 *
 * @throws {PgvtuneError} `usage` when a named filter leaves no row to any query
 */
export async function prepareFilterCases(
  workloads: readonly FilteredConfig[],
  context: FilterRunsContext & { readonly reporter: Reporter },
): Promise<readonly FilterCase[]> {
  const asks = workloads.flatMap((workload, number) => asksOf(workload, number, context.dataset.manifest.columns));
  if (asks.length === 0) return [];
  const ground = await filterGround(context, [...new Set(asks.flatMap(columnsOfAsk))]);
  const task = context.reporter.start('Filters and their exact neighbours', 1, 'share');
  const cases: FilterCase[] = [];
  for (const { filter, join, ...place } of asks) {
    cases.push({ ...place, run: await prepareFilterRun(context, ground, { filter, join }) });
    task.update(cases.length / asks.length);
  }
  task.finish();
  return cases;
}

type Asked = FilterAsk & Omit<FilterCase, 'run'>;

function asksOf(workload: FilteredConfig, number: number, columns: readonly Column[]): readonly Asked[] {
  const join = workload.join ?? null;
  if (workload.filters) {
    return Object.entries(workload.filters).map(([name, filter]) => ({
      workload: number,
      name,
      cell: null,
      filter,
      join,
    }));
  }
  const [column] = filterableColumns(columns, workload.column);
  return workload.correlation.flatMap((correlation) =>
    workload.selectivity.map((selectivity) => ({
      workload: number,
      name: `${selectivity} ${correlation}`,
      cell: { selectivity, correlation },
      filter: drawnBy(column!, { selectivity, correlation }),
      join,
    })),
  );
}

function drawnBy({ name, type }: Column, draw: Cell): Filter {
  const op = type === 'text[]' || type === 'json' ? 'contains' : '=';
  return { column: name, op, value: { draw } };
}
