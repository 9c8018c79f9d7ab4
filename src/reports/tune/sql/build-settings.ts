import { defectsOf, indexKind, majorVersion, predictIndex } from '../../../indexes/index.js';
import { formatBytes, formatCount } from '../../../units.js';
import type { RunManifest } from '../../../results/index.js';
import type { IndexSpec } from '../../../vocabulary.js';

const MIB = 1024 * 1024;
/** PostgreSQL's default of maintenance_work_mem. */
const DEFAULT_MIB = 64;
/** Over what the model of a build's memory says. */
const MEMORY_MARGIN = 1.1;

/** A vector index that is to be built on so many rows. */
export interface IndexToBuild {
  readonly spec: IndexSpec;
  readonly rows: number;
}

export interface BuildPlace {
  readonly server: Pick<RunManifest['server'], 'pgvector' | 'versionNumber'>;
  readonly dimensions: number;
  readonly metric: RunManifest['metric'];
}

/** What the session that builds these indexes should set: memory for the largest, and what is safe. */
export function buildSettings(
  { server, dimensions, metric }: BuildPlace,
  indexes: readonly IndexToBuild[],
): readonly string[] {
  const built = indexes.filter(({ spec }) => indexKind(spec.method).model !== null);
  if (built.length === 0) return [];
  const isHnsw = built.some(({ spec }) => spec.method === 'hnsw');
  const isUnsafe = isHnsw && defectsOf(server.pgvector).some(({ code }) => code === 'parallel-build-overflow');
  const needs = built.map(({ spec, rows }) => {
    const { build } = predictIndex({
      rows,
      dimensions,
      metric,
      spec,
      maintenanceWorkMemBytes: DEFAULT_MIB * MIB,
      maxParallelMaintenanceWorkers: isUnsafe ? 0 : 2,
      pgVersion: majorVersion(server.versionNumber),
      pgvector: server.pgvector,
    });
    return { rows, mib: build ? Math.ceil((build.neededMaintenanceWorkMemBytes * MEMORY_MARGIN) / MIB) : 0 };
  });
  const most = needs.reduce((a, b) => (b.mib > a.mib ? b : a));
  return [
    `SET maintenance_work_mem = '${Math.max(DEFAULT_MIB, most.mib)}MB';  -- the build needs ${formatBytes(most.mib * MIB)} for ${formatCount(most.rows)} rows`,
    ...(isUnsafe
      ? [
          `SET max_parallel_maintenance_workers = 0;  -- pgvector ${server.pgvector} can overflow a buffer in parallel builds`,
        ]
      : []),
  ];
}
