import { columnType, createIndexSql, createTableSql, gucs, rowsOfIndex } from '../../../indexes/index.js';
import type { Choice, RunManifest } from '../../../results/index.js';
import type { Layout, Workload } from '../../../vocabulary.js';
import { plainQuery, rerankDepth } from '../../../workloads/index.js';
import { COLUMN, printedName, TABLE } from './printed-names.js';
import { exampleQueries, named, type Printable, type PrintedSql, printSql, settingValue } from './printed-sql.js';
import { vectorIndexName } from './index-name.js';

const ROLE = 'your_role';
const FUNCTION = `${TABLE}_nearest`;
/** The copy of the table in partitions. */
const PARTITIONED = `${TABLE}_partitioned`;

const LOAD_LIBRARY = "SELECT '[1]'::vector;  -- loads the library, so that the setting is known, and checked";

export interface PlainSql extends PrintedSql {
  /** The query's settings for a role instead of a transaction; empty when it needs none. */
  readonly defaults: readonly string[];
  /** A function that has the settings, with its call last; empty when the query needs none. */
  readonly asFunction: Pick<PrintedSql, 'build' | 'undo'>;
}

/** The statements that put a choice into production, and those that take it out again. */
export function plainSql(manifest: RunManifest, { spec, settings }: Choice, k: number): PlainSql {
  const printable = plainPrintable(manifest, { spec, settings, workload: { kind: 'plain', k } });
  const printed = printSql(printable);
  const names = Object.entries(printable.gucs);
  const type = columnType(manifest.metric);
  if (names.length === 0) return { ...printed, defaults: [], asFunction: { build: [], undo: [] } };
  return {
    ...printed,
    defaults: [
      LOAD_LIBRARY,
      ...names.map(([setting, value]) => `ALTER ROLE ${ROLE} SET ${setting} = ${settingValue(value)};`),
    ],
    asFunction: {
      build: named(manifest, [
        LOAD_LIBRARY,
        `CREATE FUNCTION ${FUNCTION}(${type}) RETURNS SETOF ${TABLE}.id%TYPE LANGUAGE sql STABLE ${names.map(([setting, value]) => `SET ${setting} = ${settingValue(value)}`).join(' ')} AS $$ ${printable.query.text} $$;`,
        `SELECT * FROM ${FUNCTION}($1);`,
      ]),
      undo: named(manifest, [`DROP FUNCTION ${FUNCTION}(${type});`]),
    },
    undo: [...printed.undo, ...names.map(([setting]) => `ALTER ROLE ${ROLE} RESET ${setting};`)],
  };
}

/** What there is to print of plain queries. */
export function plainPrintable(
  manifest: RunManifest,
  {
    spec,
    settings,
    workload,
  }: Pick<Choice, 'spec' | 'settings'> & { readonly workload: Extract<Workload, { kind: 'plain' }> },
): Printable {
  const { dataset, layout } = manifest;
  const { dimensions } = dataset;
  // Without an index partitions have nothing to give.
  const isDivided = layout !== undefined && spec.method !== 'none';
  const table = isDivided ? PARTITIONED : TABLE;
  const name = `${vectorIndexName(spec, null)}${isDivided ? '_partitioned' : ''}`;
  const create = createIndexSql({
    name,
    table,
    column: COLUMN,
    dimensions,
    spec,
    metric: manifest.metric,
  });
  const { [rerankDepth.name]: depth, ...search } = settings;
  const sessionSettings = gucs(spec.method, search);
  const query = plainQuery({
    table,
    spec,
    metric: manifest.metric,
    k: workload.k,
    isProtected: workload.protected,
    queries: exampleQueries(dimensions),
    settings: depth === undefined ? {} : { [rerankDepth.name]: depth },
  });
  return {
    manifest,
    ...(isDivided ? divided(layout, dataset.table?.isPrimaryKey ?? true) : {}),
    indexes:
      create === null
        ? []
        : [
            {
              name,
              schema: null,
              create,
              concurrently: !isDivided,
              vector: { spec, rows: rowsOfIndex({ ...dataset, layout }) },
            },
          ],
    after: create === null ? [] : [`ANALYZE ${table};`],
    gucs: sessionSettings,
    query,
    expected:
      create === null
        ? `Seq Scan on ${TABLE}`
        : isDivided
          ? 'Merge Append over an Index Scan of each partition'
          : `Index Scan using ${name}`,
  };
}

/** What divides the table, and takes that back. An index is built faster over rows that are there. */
const divided = (layout: Layout, hasPrimaryKey: boolean): Pick<Printable, 'before' | 'undo' | 'undoTakesIndexes'> => ({
  before: [
    ...createTableSql(PARTITIONED, {
      content: `LIKE ${TABLE} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE`,
      layout,
      quote: printedName,
    }),
    `INSERT INTO ${PARTITIONED} SELECT * FROM ${TABLE}`,
    ...(hasPrimaryKey ? [`ALTER TABLE ${PARTITIONED} ADD PRIMARY KEY (id)`] : []),
  ].map((statement) => `${statement};`),
  undo: [`DROP TABLE ${PARTITIONED};`],
  undoTakesIndexes: true,
});
