import { literal, qualified } from '../../../identifiers.js';
import { type QuerySet, querySet } from '../../../query-set.js';
import type { RunManifest } from '../../../results/index.js';
import { replaceParameters } from '../../../sql-parameters.js';
import type { IndexSpec } from '../../../vocabulary.js';
import type { WorkloadQuery } from '../../../workloads/index.js';
import { buildSettings } from './build-settings.js';
import type { CopiedColumns } from './copied-columns.js';
import { COLUMN, printedName, TABLE } from './printed-names.js';
import { withReaderNames } from './reader-names.js';

/** Statements to be run in this order; each line is one, or a comment on the next. */
export interface PrintedSql {
  /** In a session of its own, outside of any transaction. Empty when nothing has to be built. */
  readonly build: readonly string[];
  /** `$1` is the query's vector, `$2` … are its other values. */
  readonly query: readonly string[];
  /** Needs no values: it asks with the vector of some row. */
  readonly check: readonly string[];
  readonly undo: readonly string[];
}

export interface PrintedIndex {
  /** Unquoted. */
  readonly name: string;
  /** Unquoted; null: that of the reader's table. */
  readonly schema: string | null;
  /** `CREATE INDEX …`, without CONCURRENTLY. */
  readonly create: string;
  /** Whether it can be built while rows are written: not on a partitioned table. */
  readonly concurrently: boolean;
  /** For a vector index: what its build needs memory for. */
  readonly vector: { readonly spec: IndexSpec; readonly rows: number } | null;
}

export interface Printable {
  readonly manifest: Pick<RunManifest, 'server' | 'dataset' | 'metric'>;
  readonly indexes: readonly PrintedIndex[];
  /** Columns that the table has to get first. */
  readonly copied?: CopiedColumns;
  /** Statements before the indexes, and after them. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
  /** Statements that take back what `before` does; the indexes are dropped before that. */
  readonly undo?: readonly string[];
  /** Whether `undo` takes the indexes away as well. */
  readonly undoTakesIndexes?: boolean;
  /** Settings of the query's transaction, by their full names. */
  readonly gucs: Readonly<Record<string, string>>;
  readonly query: WorkloadQuery;
  /** What the plan of the query must show, in words. */
  readonly expected: string;
}

/**
 * The one builder of what a report asks its reader to run: build with enough memory and without what the version of
 * pgvector cannot do safely, query with its settings for one transaction, check the plan under the very same settings.
 */
export function printSql(printable: Printable): PrintedSql {
  const { build, check, undo } = printTogether([printable]);
  return { build, query: printQuery(printable), check: [...printCheck(printable), ...check], undo };
}

/** What is built once for several queries, in an order that suits all; its check is that the indexes are valid. */
export function printTogether(printables: readonly [Printable, ...Printable[]]): Omit<PrintedSql, 'query'> {
  const indexes = [
    ...new Map(printables.flatMap((printable) => printable.indexes.map((index) => [index.name, index]))).values(),
  ];
  const each = (of: (printable: Printable) => readonly string[] | undefined): readonly string[] => [
    ...new Set(printables.flatMap((printable) => of(printable) ?? [])),
  ];
  const dropped = printables.flatMap((one) => (one.undoTakesIndexes ? [] : one.indexes.map(nameOf)));
  const { manifest } = printables[0];
  const { server, metric, dataset } = manifest;
  // The whole table is indexed, and the dataset may be a sample of it.
  const scale = Math.max(1, (dataset.table?.rows ?? 0) / dataset.rows);
  const vectors = indexes.flatMap(({ vector }) => vector ?? []);
  const printed = {
    build: [
      ...buildSettings(
        { server, metric, dimensions: dataset.dimensions },
        vectors.map(({ spec, rows }) => ({ spec, rows: Math.round(rows * scale) })),
      ),
      ...each(({ copied }) => copied?.add),
      ...each(({ copied }) => copied?.rewrite),
      ...each(({ before }) => before),
      ...indexes.map(({ create, concurrently }) => `${concurrently ? withoutBlocking(create) : create};`),
      ...each(({ after }) => after),
    ],
    check: indexes.length > 0 ? [validity(indexes.map(nameOf))] : [],
    undo: [
      ...[...new Set(dropped)].map((name) => `DROP INDEX CONCURRENTLY ${name};`),
      ...each(({ undo }) => undo),
      ...each(({ copied }) => copied?.undo),
    ],
  };
  return {
    build: named(manifest, printed.build),
    check: named(manifest, printed.check),
    undo: named(manifest, printed.undo),
  };
}

/** Under the names of the reader's table, where the rows are of one. */
export const named = ({ dataset }: Pick<RunManifest, 'dataset'>, statements: readonly string[]): readonly string[] =>
  statements.map((statement) => withReaderNames(statement, dataset.table));

/** The query under its settings. */
export const printQuery = ({ manifest, gucs, query }: Printable): readonly string[] =>
  named(manifest, inTransaction(gucs, `${query.text};`, 'COMMIT'));

/** Its plan under the same settings, with the values of one query. */
export const printCheck = ({ manifest, gucs, query, expected }: Printable): readonly string[] =>
  named(
    manifest,
    inTransaction(gucs, `EXPLAIN (ANALYZE, BUFFERS) ${withExample(query)};  -- must show: ${expected}`, 'ROLLBACK'),
  );

/** A statement under settings that hold for it alone, which is safe behind a pooler. */
function inTransaction(
  gucs: Readonly<Record<string, string>>,
  statement: string,
  end: 'COMMIT' | 'ROLLBACK',
): readonly string[] {
  const settings = Object.entries(gucs);
  if (settings.length === 0) return [statement];
  return [
    'BEGIN;',
    ...settings.map(([name, value]) => `SET LOCAL ${name} = ${settingValue(value)};`),
    statement,
    `${end};`,
  ];
}

/** A setting's value as SET takes it. */
export const settingValue = (value: string): string => (/^-?\d+(\.\d+)?$/.test(value) ? value : literal(value));

/** Writes go on meanwhile. */
const withoutBlocking = (create: string): string => create.replace(/^CREATE INDEX /, 'CREATE INDEX CONCURRENTLY ');

/** The statement with the values of its first query, and with the vector of some row. */
function withExample(query: WorkloadQuery): string {
  const values = query.arguments(0);
  return replaceParameters(query.text, (number) => {
    const value = values[number - 1];
    if (value === undefined) return `$${number}`;
    return typeof value === 'object'
      ? `(SELECT ${COLUMN} FROM ${TABLE} LIMIT 1)`
      : typeof value === 'number'
        ? String(value)
        : literal(value);
  });
}

/** As statements that look the index up write it. */
const nameOf = ({ name, schema }: PrintedIndex): string =>
  schema === null ? printedName(name) : qualified(schema, name);

/** @param names as SQL writes them */
const validity = (names: readonly string[]): string =>
  `SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indexrelid = ANY (ARRAY[${names.map(literal).join(', ')}]::regclass[]);  -- false after an interrupted build`;

/** Stands for the queries of a statement that is only printed: what they are does not show in it. */
export const exampleQueries = (dimensions: number): QuerySet =>
  querySet({ rows: 1, dimensions, values: new Float32Array(dimensions) });
