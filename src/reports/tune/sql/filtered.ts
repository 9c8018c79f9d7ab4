import { createColumnIndexSql, placeIndexes } from '../../../indexes/index.js';
import { ident } from '../../../identifiers.js';
import type { BuildRequest, FilterAnswer, FilterOption, PointRecord, RunManifest } from '../../../results/index.js';
import {
  columnsOf,
  filteredGucs,
  type FilteredQuestion,
  type FilteredStrategy,
  filteredStrategy,
  isKey,
  ITEMS,
  protectionGucs,
  stepOf,
  stepsOf,
} from '../../../workloads/index.js';
import type { RunView } from '../run-view.js';
import { copiedBySample, copiedByStrategy, type CopiedColumns } from './copied-columns.js';
import { columnIndexName, vectorIndexName } from './index-name.js';
import { joinedTable } from './joined-table.js';
import { COLUMN, printedName, TABLE } from './printed-names.js';
import {
  exampleQueries,
  type Printable,
  type PrintedIndex,
  type PrintedSql,
  printQuery,
  printSql,
} from './printed-sql.js';

/** What to run for an option of a filter; null when it has no figures. */
export function filteredSql(run: RunView, filter: FilterAnswer, option: FilterOption): PrintedSql | null {
  const point = option.point === null ? undefined : run.workloadPoints.get(option.point);
  return point ? printSql(filteredPrintable(run, filter, option, point)) : null;
}

/** The statement that reads on after the last row that was seen; null where no page is asked for. */
export function nextPageSql(run: RunView, filter: FilterAnswer, option: FilterOption): readonly string[] | null {
  const point = option.point === null ? undefined : run.workloadPoints.get(option.point);
  const { returns } = filter;
  if (!point || !returns || !('page' in returns)) return null;
  return printQuery(filteredPrintable(run, { ...filter, returns: { ...returns, by: 'keyset' } }, option, point));
}

/** What there is to print of an option, in the form and with the settings that it was measured with at a point. */
export function filteredPrintable(
  run: RunView,
  filter: FilterAnswer,
  option: Pick<FilterOption, 'strategy' | 'spec' | 'builds'>,
  { request: { workload, settings } }: Pick<PointRecord, 'request'>,
): Printable {
  const { manifest } = run;
  const strategy = filteredStrategy(option.strategy);
  const question = printedQuestion(manifest, filter, workload.k);
  const builds = option.builds.flatMap((key) => run.builds.get(key)?.request ?? []);
  // A class may be the largest there is, and its index is one of those that are built.
  const rows = Math.ceil(filter.achieved.max * manifest.dataset.rows);
  const parts = builds.map((build) => partOf(build, manifest, rows));
  const isProtected = workload.kind === 'filtered' && workload.protected === true;
  const joined = new Set(stepsOf(filter.join).map(({ table }) => table));
  const quote = (table: string): string =>
    joined.has(table) ? joinedTable(manifest, table).table : printedTable(table);
  const keyOf = (table: string): string => joinedTable(manifest, table).key;
  return {
    manifest,
    copied: copiedFor(manifest, strategy, filter),
    before: parts.flatMap(({ before }) => before),
    indexes: parts.flatMap(({ indexes }) => indexes),
    after: [...new Set(parts.flatMap(({ after }) => after))],
    undo: parts.flatMap(({ undo }) => undo),
    undoTakesIndexes: builds.some(({ placement }) => placement !== undefined && placement.kind !== 'partial'),
    gucs: { ...filteredGucs(option.spec, settings), ...(isProtected ? protectionGucs(strategy) : {}) },
    query: strategy.query(question, option.spec, { quote, keyOf, isProtected }),
    expected: expectedOf(strategy, parts, hasKey(filter)),
  };
}

/** Columns that the reader's table has to get: those that the strategy copies, or that only the sample has. */
function copiedFor(manifest: RunManifest, strategy: FilteredStrategy, filter: FilterAnswer): CopiedColumns {
  if (strategy.copies === 'columns') return copiedByStrategy(manifest, filter);
  const steps = stepsOf(filter.join);
  const own = filter.columns.filter(({ name }) => !stepOf(steps, name));
  return copiedBySample(
    manifest,
    own.map(({ name }) => name),
  );
}

/** As much of a question as its statement shows: the filter with the values of one query. */
function printedQuestion(
  manifest: RunManifest,
  { example, columns, join, returns }: FilterAnswer,
  k: number,
): FilteredQuestion {
  const { rows, dimensions } = manifest.dataset;
  return {
    k,
    metric: manifest.metric,
    queries: exampleQueries(dimensions),
    matching: { filters: [example], ofQuery: Int32Array.of(0), matches: [rows], rows, orphans: 0 },
    columns,
    join,
    returns,
    pgvector: manifest.server.pgvector,
    exactBelowRows: 0,
  };
}

interface Part {
  readonly before: readonly string[];
  readonly indexes: readonly PrintedIndex[];
  readonly after: readonly string[];
  readonly undo: readonly string[];
}

const NOTHING: Part = { before: [], indexes: [], after: [], undo: [] };

/** What one build is made of, under the names of the report. */
function partOf(request: BuildRequest, manifest: RunManifest, largest: number): Part {
  const { spec, placement = null, columnIndex } = request;
  if (columnIndex) {
    const { table, schema } =
      columnIndex.table === ITEMS ? { table: TABLE, schema: null } : joinedTable(manifest, columnIndex.table);
    const name = columnIndexName(columnIndex, columnIndex.table === ITEMS ? TABLE : columnIndex.table);
    const create = createColumnIndexSql({ name, spec: columnIndex, quote: () => table, quoteIndex: printedName });
    return {
      ...NOTHING,
      indexes: [{ name, schema, create, concurrently: true, vector: null }],
      after: [`ANALYZE ${table};`],
    };
  }
  const placed = placeIndexes({
    name: vectorIndexName(spec, placement),
    table: ITEMS,
    column: COLUMN,
    dimensions: manifest.dataset.dimensions,
    spec,
    metric: manifest.metric,
    placement,
    quote: printedTable,
    quoteIndex: printedName,
  });
  const rows = placement === null ? manifest.dataset.rows : largest;
  const indexes = placed.indexes.flatMap(({ name, create }): readonly PrintedIndex[] =>
    create === null ? [] : [{ name, schema: null, create, concurrently: placed.copy === null, vector: { spec, rows } }],
  );
  if (!placed.copy) return { ...NOTHING, indexes, after: [`ANALYZE ${TABLE};`] };
  // The last statement brings statistics up to date. An index is built faster over rows that are there.
  const create = placed.copy.create.map((statement) => `${statement.replace(NO_VACUUM, '')};`);
  return { before: create.slice(0, -1), indexes, after: create.slice(-1), undo: [`${placed.copy.drop};`] };
}

/** What the benchmark needs, and nobody else should have. */
const NO_VACUUM = / WITH \(autovacuum_enabled = off, toast\.autovacuum_enabled = off\)/;

const MOST_NAMES = 3;

/** Whether the filter asks for the primary key, whose index the reader has. */
const hasKey = ({ columns, example }: FilterAnswer): boolean => columnsOf(example).some((name) => isKey(columns, name));

function expectedOf({ isApproximate }: FilteredStrategy, parts: readonly Part[], isByKey: boolean): string {
  const scan = isByKey && !isApproximate ? `the primary key, or Seq Scan on ${TABLE}` : `Seq Scan on ${TABLE}`;
  const names = parts.flatMap(({ indexes }) => indexes.map(({ name }) => name));
  if (names.length === 0) return scan;
  const using = names.length > MOST_NAMES ? `one of the ${names.length} indexes` : `using ${names.join(', ')}`;
  // Of a frequent value the planner rather reads the whole table.
  return isApproximate ? using : `${using}, or ${scan}`;
}

/** Tables under the reader's names, and copies without the digits that distinguish those of one table. */
function printedTable(table: string): string {
  if (table === ITEMS) return TABLE;
  const copy = COPY.exec(table);
  return copy ? printedName(`${TABLE}${copy[1]}${copy[2]}`) : ident(table);
}

const COPY = new RegExp(`^${ITEMS}(_by_.*)_[0-9a-f]{8}((?:_\\d+)?)$`);
