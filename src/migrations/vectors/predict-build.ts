import { z } from 'zod';
import {
  ASSUMED_PG_VERSION,
  type BuildSeconds,
  type BuildSettings,
  indexKind,
  PAGE_BYTES,
  predictBuildSeconds,
  predictIndex,
} from '../../indexes/index.js';
import type { Deployment } from '../deployment.js';
import type { IndexDefinition } from '../effects.js';
import { typeParts } from '../hazards/type-change.js';
import type { Schema } from '../replay/schema.js';

/** What the build of a vector index takes, by the models of `pgvtune plan`. */
export interface PredictedBuild {
  readonly rows: number;
  /** `example`: nobody said, so a million. */
  readonly rowsFrom: 'server' | 'stated' | 'example';
  /** Of the index. */
  readonly bytes: number;
  /** `maintenance_work_mem` that keeps the build in memory. */
  readonly neededMemoryBytes: number;
  /** The one that it has: the revision's own, else the server's, else PostgreSQL's default. */
  readonly memoryBytes: number;
  /** Rows after which an HNSW graph no longer fits; null when it fits. */
  readonly spillRow: number | null;
  /** For want of memory: IVFFlat does not spill. */
  readonly fails: boolean;
  /** Beside the leader. */
  readonly workers: number;
  /** Null where the build fails. */
  readonly seconds: BuildSeconds | null;
  /** With the memory that keeps it in memory; null where it has that. */
  readonly secondsInMemory: BuildSeconds | null;
}

const EXAMPLE_ROWS = 1_000_000;
const MIB = 1024 ** 2;
/** PostgreSQL's own defaults. */
const DEFAULTS: BuildSettings = {
  maintenanceWorkMemBytes: 64 * MIB,
  maxParallelMaintenanceWorkers: 2,
  pgVersion: ASSUMED_PG_VERSION,
  pgvector: null,
};
/** Lists of an index that names none: the rule of thumb for a million rows would be another index than pgvector builds. */
const PARAMETERS = { hnsw: { m: 16, ef_construction: 64 }, ivfflat: { lists: 100 } } as const;
const METHODS = z.enum(['hnsw', 'ivfflat']);
const REPRESENTATIONS = z.enum(['vector', 'halfvec', 'bit']);

export const isVectorIndex = ({ method }: IndexDefinition): boolean => METHODS.safeParse(method).success;

/** Settings of a revision's own, by name, as they are written. */
export type OwnSettings = ReadonlyMap<string, string | null>;

/**
 * What it takes to build an index on the rows that are there, or that somebody names.
 *
 * @returns null for a type or a method whose size is not predicted
 */
export function predictBuild(
  index: IndexDefinition,
  schema: Schema,
  deployment: Deployment,
  own: OwnSettings,
): PredictedBuild | null {
  const method = METHODS.safeParse(index.method);
  const { name, numbers } = typeParts(keyType(index, schema) ?? '');
  const representation = REPRESENTATIONS.safeParse(name);
  const [dimensions] = numbers;
  if (!method.success || !representation.success || dimensions === undefined) return null;
  if (dimensions > (indexKind(method.data).representations[representation.data]?.maxDimensions ?? 0)) return null;
  const table = deployment.tables?.get(index.table);
  const rows = table?.rows ?? deployment.rows ?? EXAMPLE_ROWS;
  const settings = settingsOf(deployment, own);
  const given = Object.fromEntries(Object.entries(index.options).map(([key, value]) => [key, Number(value)]));
  const question = {
    rows: Math.max(1, rows),
    dimensions,
    spec: {
      method: method.data,
      representation: representation.data,
      parameters: { ...PARAMETERS[method.data], ...given },
    },
    ...(table ? { table: { heapPages: Math.ceil(table.heapBytes / PAGE_BYTES), toastPages: 0 } } : {}),
    ...settings,
  };
  const { bytes, build, spec, parallelWorkers } = predictIndex(question);
  if (!build) return null;
  const time = { method: method.data, rows, dimensions, parameters: spec.parameters, parallelWorkers };
  const seconds = deployment.buildSeconds ?? predictBuildSeconds;
  const isShort = build.fails || build.spillRow !== null;
  return {
    rows,
    rowsFrom: table ? 'server' : deployment.rows === undefined ? 'example' : 'stated',
    bytes,
    neededMemoryBytes: build.neededMaintenanceWorkMemBytes,
    memoryBytes: settings.maintenanceWorkMemBytes,
    spillRow: build.spillRow,
    fails: build.fails,
    workers: parallelWorkers,
    seconds: build.fails ? null : seconds({ ...time, spillRow: build.spillRow }),
    secondsInMemory: isShort ? seconds({ ...time, spillRow: null }) : null,
  };
}

/** The type of what an index keeps: that of its column, or of its cast. */
export function keyType({ keys: [key], table }: IndexDefinition, schema: Schema): string | undefined {
  if (!key) return undefined;
  return key.isExpression ? castType(key.sql) : schema.tables.get(table)?.columns.get(key.sql)?.type;
}

/** `embedding::halfvec(3072)` or `CAST(embedding AS halfvec(3072))` → `halfvec(3072)` */
const castType = (sql: string): string | undefined =>
  /(?:::|\bAS )\s*"?((?:halfvec|vector|bit|sparsevec)\s*\(\d+\))/i.exec(sql)?.[1];

function settingsOf({ settings = DEFAULTS }: Deployment, own: OwnSettings) {
  const { pgvector, ...known } = settings;
  const workers = Number(own.get('max_parallel_maintenance_workers') ?? NaN);
  return {
    ...known,
    ...(pgvector === null ? {} : { pgvector }),
    maintenanceWorkMemBytes: memoryOf(own.get('maintenance_work_mem')) ?? known.maintenanceWorkMemBytes,
    ...(Number.isInteger(workers) ? { maxParallelMaintenanceWorkers: workers } : {}),
  };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1024, MB: MIB, GB: 1024 * MIB, TB: 1024 ** 2 * MIB };

/** `'2GB'`, or a number of kilobytes, as PostgreSQL reads it; null for anything else. */
function memoryOf(text: string | null | undefined): number | null {
  const [, number, unit = 'kB'] = /^'?\s*(\d+)\s*(B|kB|MB|GB|TB)?\s*'?$/.exec(text ?? '') ?? [];
  return number === undefined ? null : Number(number) * UNITS[unit]!;
}
