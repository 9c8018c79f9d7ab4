import { noQueries } from '../../query-set.js';
import { createIndexSql, defectsOf, gucs, predictIndex } from '../../indexes/index.js';
import type { Choice, RunManifest } from '../../results/index.js';
import { formatBytes, formatCount } from '../../units.js';
import { plainQuery, rerankDepth } from '../../workloads/index.js';

/** Stand-ins: the report cannot know what the reader's table is called. */
const TABLE = 'your_table';
const COLUMN = 'embedding';
const ROLE = 'your_role';

const MIB = 1024 * 1024;

/** What to run for a choice, in the order to run it; every line is a statement or a comment. */
export interface RecommendationSql {
  readonly build: readonly string[];
  readonly query: readonly string[];
  readonly defaults: readonly string[];
  readonly check: readonly string[];
  readonly rollback: readonly string[];
}

/** The statements that put a choice into production, and those that take it out again. */
export function recommendationSql(manifest: RunManifest, { spec, settings }: Choice, k: number): RecommendationSql {
  const { dimensions } = manifest.dataset;
  const index = `${TABLE}_${COLUMN}_${spec.method}`;
  const create = createIndexSql({
    name: index,
    table: TABLE,
    column: COLUMN,
    dimensions,
    spec,
    metric: manifest.metric,
    concurrently: true,
  });
  const { [rerankDepth.name]: depth, ...search } = settings;
  const names = Object.entries(gucs(spec.method, search));
  const { text } = plainQuery({
    table: TABLE,
    spec,
    metric: manifest.metric,
    k,
    queries: noQueries(dimensions),
    settings: depth === undefined ? {} : { [rerankDepth.name]: depth },
  });
  const select = `${text};`;
  if (create === null) {
    return {
      build: [],
      query: [select],
      defaults: [],
      check: [`EXPLAIN ${select.replace('$1', "'[…]'")}`],
      rollback: [],
    };
  }
  return {
    build: [...buildSettings(manifest, spec), `${create};`, `ANALYZE ${TABLE};`],
    query: [
      'BEGIN;',
      ...names.map(([name, value]) => `SELECT set_config('${name}', '${value}', true);  -- until COMMIT only`),
      select,
      'COMMIT;',
    ],
    defaults: [
      "SELECT '[1]'::vector;  -- loads the library, so that the setting is known, and checked",
      ...names.map(([name, value]) => `ALTER ROLE ${ROLE} SET ${name} = ${value};`),
    ],
    check: [
      `EXPLAIN (ANALYZE, BUFFERS) ${select.replace('$1', "'[…]'")}  -- must say: Index Scan using ${index}`,
      `SELECT indisvalid FROM pg_index WHERE indexrelid = '${index}'::regclass;  -- false after an interrupted build`,
    ],
    rollback: [`DROP INDEX CONCURRENTLY ${index};`, ...names.map(([name]) => `ALTER ROLE ${ROLE} RESET ${name};`)],
  };
}

function buildSettings(manifest: RunManifest, spec: Choice['spec']): readonly string[] {
  const { rows, dimensions } = manifest.dataset;
  const defects = spec.method === 'hnsw' ? defectsOf(manifest.server.pgvector) : [];
  const unsafe = defects.some(({ code }) => code === 'parallel-build-overflow');
  const { build } = predictIndex({
    rows,
    dimensions,
    spec,
    maintenanceWorkMemBytes: 64 * MIB,
    maxParallelMaintenanceWorkers: unsafe ? 0 : 2,
    pgVersion: Math.floor(manifest.server.versionNumber / 10_000),
    pgvector: manifest.server.pgvector,
  });
  const needed = build ? Math.ceil((build.neededMaintenanceWorkMemBytes * 1.1) / MIB) : 0;
  const memory = Math.max(64, needed);
  return [
    `SET maintenance_work_mem = '${memory}MB';  -- the build wants ${formatBytes(needed * MIB)} for ${formatCount(rows)} rows`,
    ...(unsafe
      ? [
          `SET max_parallel_maintenance_workers = 0;  -- pgvector ${manifest.server.pgvector} can overflow a buffer in parallel builds`,
        ]
      : []),
  ];
}
