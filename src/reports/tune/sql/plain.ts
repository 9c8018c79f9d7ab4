import { columnType, createIndexSql, gucs } from '../../../indexes/index.js';
import type { Choice, RunManifest } from '../../../results/index.js';
import type { Workload } from '../../../vocabulary.js';
import { plainQuery, rerankDepth } from '../../../workloads/index.js';
import { COLUMN, TABLE } from './printed-names.js';
import { exampleQueries, named, type Printable, type PrintedSql, printSql, settingValue } from './printed-sql.js';
import { vectorIndexName } from './index-name.js';

const ROLE = 'your_role';
const FUNCTION = `${TABLE}_nearest`;

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
  const { rows, dimensions } = manifest.dataset;
  const name = vectorIndexName(spec, null);
  const create = createIndexSql({
    name,
    table: TABLE,
    column: COLUMN,
    dimensions,
    spec,
    metric: manifest.metric,
  });
  const { [rerankDepth.name]: depth, ...search } = settings;
  const sessionSettings = gucs(spec.method, search);
  const query = plainQuery({
    table: TABLE,
    spec,
    metric: manifest.metric,
    k: workload.k,
    isProtected: workload.protected,
    queries: exampleQueries(dimensions),
    settings: depth === undefined ? {} : { [rerankDepth.name]: depth },
  });
  return {
    manifest,
    indexes: create === null ? [] : [{ name, create, concurrently: true, vector: { spec, rows } }],
    after: create === null ? [] : [`ANALYZE ${TABLE};`],
    gucs: sessionSettings,
    query,
    expected: create === null ? `Seq Scan on ${TABLE}` : `Index Scan using ${name}`,
  };
}
