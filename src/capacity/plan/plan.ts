import { PgvtuneError } from '../../errors.js';
import {
  ASSUMED_PG_VERSION,
  type BuildSeconds,
  bytesOfElements,
  type Defect,
  defectsOf,
  gucs,
  indexKind,
  mostOf,
  planStretches,
  type PlanStretch,
  predictBuildSeconds,
  predictIndex,
  predictQuery,
  type QueryPrediction,
  recallKnob,
  type StoredValue,
  storedValue,
  type TableAndIndexPrediction,
  PAGE_BYTES,
  validateSpec,
} from '../../indexes/index.js';
import type { IndexSpec, SearchSettings, Stored } from '../../vocabulary.js';
import { candidatesOf } from '../../workloads/index.js';
import { type TableShape } from '../table/row-layout.js';
import { type TableSize, tableSize } from '../table/table-size.js';
import { columnIndexWal, loadWal } from '../table/wal.js';
import { CACHE_SHARE } from '../growth/memory.js';
import { type BuildResources, buildResources } from './build-resources.js';
import { type InMemory, inMemory } from './in-memory.js';
import { type BuildAdvice, type BuildMachine, recommendBuild } from './recommend-build.js';

/** What to predict: a table, the server that holds it, and the indexes to compare. */
export interface PlanQuestion {
  readonly rows: number;
  readonly dimensions: number;
  /** Of each vector, where the column is a `sparsevec`. */
  readonly nonZeros?: number;
  /** Type of the column; the index may keep less. */
  readonly columnType: 'vector' | 'halfvec';
  readonly storage: 'external' | 'plain';
  readonly columns: TableShape['columns'];
  readonly methods: readonly string[];
  readonly stored: readonly Stored[];
  /** Build parameters by name; one that a method does not have is left out of its specs. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly settings: SearchSettings;
  readonly k: number;
  readonly maintenanceWorkMemBytes: number;
  readonly maxParallelMaintenanceWorkers: number;
  readonly maxParallelWorkers: number;
  readonly concurrentBuilds: number;
  readonly machine: BuildMachine;
  /** Major version of PostgreSQL; undefined when nobody said. */
  readonly pgVersion?: number;
  /** Version of the extension, `0.8.6`; undefined for the newest. */
  readonly pgvector?: string;
}

/** Whether a server's memory holds the index that queries read. */
export interface InService {
  /** Memory that caches data, in shared_buffers and by the operating system. */
  readonly cacheBytes: number;
  /** Servers of this size that hold the index together, each a part of the rows. */
  readonly servers: number;
}

/** One index of the comparison. */
export interface IndexPlan extends TableAndIndexPrediction {
  readonly resources: BuildResources | null;
  readonly inMemory: InMemory | null;
  readonly advice: BuildAdvice | null;
  readonly inService: InService | null;
  /** Share of the rows inserted on disk after the graph outgrew `maintenance_work_mem`; 0 when it fits. */
  readonly spilledShare: number;
  /** How long CREATE INDEX takes on a machine that nobody measured; null where nothing is built. */
  readonly buildSeconds: BuildSeconds | null;
  readonly query: QueryPrediction;
  /** The planner's choice as the recall knob grows; empty for the exact scan. */
  readonly planStretches: readonly PlanStretch[];
}

/** An index that pgvector does not allow on this table. */
export interface ImpossibleIndex {
  readonly method: string;
  readonly stored: Stored;
  readonly reason: string;
}

/** What the prediction takes as given. */
export type Assumption =
  | { readonly code: 'postgresql-version'; readonly data: { readonly version: number } }
  | { readonly code: 'pgvector-newest'; readonly data: Readonly<Record<string, never>> }
  | { readonly code: 'distinct-vectors'; readonly data: Readonly<Record<string, never>> }
  | { readonly code: 'fresh-table'; readonly data: Readonly<Record<string, never>> }
  | { readonly code: 'text-uncompressed'; readonly data: Readonly<Record<string, never>> }
  | { readonly code: 'gin-estimate'; readonly data: Readonly<Record<string, never>> }
  | { readonly code: 'wal-without-page-images'; readonly data: Readonly<Record<string, never>> }
  | {
      readonly code: 'workers-bounded';
      readonly data: { readonly asked: number; readonly maxParallelWorkers: number };
    };

/** The whole table and its indexes, before they exist. Sizes in bytes. */
export interface TablePlan {
  readonly rows: number;
  readonly dimensions: number;
  readonly nonZeros?: number;
  readonly columnType: 'vector' | 'halfvec';
  readonly maintenanceWorkMemBytes: number;
  readonly maxParallelWorkers: number;
  readonly concurrentBuilds: number;
  readonly pgVersion: number;
  readonly pgvector: string | null;
  readonly table: TableSize & { readonly loadWalBytes: number; readonly indexWalBytes: number };
  readonly candidates: readonly IndexPlan[];
  readonly impossible: readonly ImpossibleIndex[];
  readonly assumptions: readonly Assumption[];
  /** Defects of the version of pgvector that was named. */
  readonly defects: readonly Defect[];
}

/**
 * Predicts a table and the indexes to compare, from nothing but numbers.
 *
 * @throws {PgvtuneError} `usage` when no index of the comparison is possible, with the reason for the first
 */
export function planTable(question: PlanQuestion): TablePlan {
  const { rows, dimensions, nonZeros, columnType, storage, columns, pgvector } = question;
  const pgVersion = question.pgVersion ?? ASSUMED_PG_VERSION;
  const vector: StoredValue =
    nonZeros === undefined ? { type: columnType, dimensions } : { type: 'sparsevec', nonZeros };
  const table = tableSize({ rows, vector, storage, columns });
  const context = { question, pgVersion, table };
  const candidates: IndexPlan[] = [];
  const impossible: ImpossibleIndex[] = [];
  const errors: PgvtuneError[] = [];
  for (const { method, stored } of combinations(question)) {
    try {
      candidates.push(planIndex(specOf(method, stored, question), context));
    } catch (error) {
      if (!(error instanceof PgvtuneError) || error.code !== 'usage') throw error;
      errors.push(error);
      impossible.push({ method, stored, reason: error.message });
    }
  }
  if (candidates.length === 0) throw errors[0]!;
  return {
    rows,
    dimensions,
    ...(nonZeros === undefined ? {} : { nonZeros }),
    columnType,
    maintenanceWorkMemBytes: question.maintenanceWorkMemBytes,
    maxParallelWorkers: question.maxParallelWorkers,
    concurrentBuilds: question.concurrentBuilds,
    pgVersion,
    pgvector: pgvector ?? null,
    table: { ...table, loadWalBytes: loadWal({ rows, ...table }), indexWalBytes: columnIndexWal(table.indexes) },
    candidates,
    impossible,
    assumptions: assumptionsOf(question, pgVersion),
    defects: pgvector === undefined ? [] : defectsOf(pgvector),
  };
}

/** Every method with every representation; the exact scan reads the table, whatever an index would keep. */
function combinations({ methods, stored, columnType }: PlanQuestion): { method: string; stored: Stored }[] {
  return methods.flatMap((name) => {
    const method = indexKind(name).name;
    return method === 'none'
      ? [{ method, stored: { representation: 'vector' as const } }]
      : stored.map((s) => ({ method, stored: native(s, columnType) }));
  });
}

/** An index on a `halfvec` column keeps what the column has. */
const native = (stored: Stored, columnType: PlanQuestion['columnType']): Stored =>
  columnType === 'halfvec' && stored.representation === 'vector' ? { representation: 'halfvec' } : stored;

function specOf(method: string, stored: Stored, { parameters, rows, methods, columnType }: PlanQuestion): IndexSpec {
  if (columnType === 'halfvec' && stored.representation === 'subvector') {
    throw new PgvtuneError('usage', 'A subvector is planned for a column of type vector only.');
  }
  const kind = indexKind(method);
  const given = meantFor(method, parameters, methods, (name) => indexKind(name).parameters);
  return {
    method: kind.name,
    ...stored,
    parameters: { ...kind.startingPoints(rows).at(-1)?.parameters, ...given },
  };
}

interface Context {
  readonly question: PlanQuestion;
  readonly pgVersion: number;
  readonly table: TableSize;
}

function planIndex(spec: IndexSpec, { question, pgVersion, table }: Context): IndexPlan {
  const { rows, dimensions, nonZeros, pgvector, maintenanceWorkMemBytes, k, concurrentBuilds } = question;
  const kind = indexKind(spec.method);
  const sparse = nonZeros === undefined ? {} : { nonZeros };
  const version = pgvector === undefined ? {} : { pgvector };
  const metric = 'cosine';
  validateSpec(spec, { dimensions, metric, rows, ...sparse, ...version });
  const settings = settingsOf(spec, question);
  gucs(kind.name, settings);
  const pages = { heapPages: table.heapBytes / PAGE_BYTES, toastPages: table.toastBytes / PAGE_BYTES };
  const prediction = predictIndex({
    ...question,
    spec,
    pgVersion,
    table: pages,
    maxParallelMaintenanceWorkers: Math.min(question.maxParallelMaintenanceWorkers, question.maxParallelWorkers),
  });
  const { parameters } = prediction.spec;
  const kept =
    nonZeros === undefined
      ? storedValue(spec, { dimensions, metric })
      : { representation: 'sparsevec' as const, dimensions: nonZeros };
  const valueBytes = bytesOfElements(kept.representation, kept.dimensions);
  const facts = { method: kind.name, rows, parameters, valueBytes, maintenanceWorkMemBytes };
  const candidates = candidatesOf(spec, k, {}) ?? 0;
  const queryWith = (more: SearchSettings): QueryPrediction =>
    predictQuery({ rows, dimensions, spec, index: prediction, k, candidates, settings: { ...settings, ...more } });
  const knob = recallKnob(kind, parameters);
  const { build } = prediction;
  return {
    ...prediction,
    resources: buildResources({ ...facts, prediction, concurrentBuilds }),
    inMemory: inMemory({
      ...facts,
      ...version,
      ...pages,
      ...kept,
      parallelWorkers: prediction.parallelWorkers,
      pgVersion,
    }),
    advice:
      build &&
      recommendBuild({
        neededBytes: build.neededMaintenanceWorkMemBytes,
        isParallelSafe:
          pgvector === undefined || defectsOf(pgvector).every(({ code }) => code !== 'parallel-build-overflow'),
        machine: question.machine,
        concurrentBuilds,
      }),
    inService: inServiceOf(prediction.bytes, question.machine.memoryBytes),
    spilledShare: build?.spillRow ? (rows - build.spillRow) / rows : 0,
    buildSeconds: predictBuildSeconds({
      ...facts,
      dimensions: kept.dimensions,
      parallelWorkers: prediction.parallelWorkers,
      spillRow: build?.spillRow ?? null,
    }),
    query: queryWith({}),
    planStretches: knob
      ? planStretches(
          { from: knob.min, to: mostOf(knob, parameters) },
          (value) => queryWith({ [knob.name]: value }).plan?.plan ?? 'index',
        )
      : [],
  };
}

const inServiceOf = (indexBytes: number, memoryBytes: number | undefined): InService | null => {
  if (memoryBytes === undefined) return null;
  const cacheBytes = CACHE_SHARE * memoryBytes;
  return { cacheBytes, servers: Math.max(1, Math.ceil(indexBytes / cacheBytes)) };
};

/** The method's usual search settings, and those of the question that it has. */
const settingsOf = ({ method }: IndexSpec, { rows, settings, methods }: PlanQuestion): SearchSettings => ({
  ...indexKind(method).startingPoints(rows).at(-1)?.settings,
  ...meantFor(method, settings, methods, (name) => indexKind(name).knobs),
});

/** The values that a method knows, and those that no method of the comparison does: they are refused later. */
function meantFor<Value>(
  method: string,
  values: Readonly<Record<string, Value>>,
  methods: readonly string[],
  namesOf: (method: string) => readonly { readonly name: string }[],
): Record<string, Value> {
  const knows = (other: string, name: string): boolean => namesOf(other).some((known) => known.name === name);
  const isMeant = (name: string): boolean => knows(method, name) || !methods.some((other) => knows(other, name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => isMeant(name)));
}

function assumptionsOf(question: PlanQuestion, pgVersion: number): readonly Assumption[] {
  const { columns, maxParallelMaintenanceWorkers: asked, maxParallelWorkers } = question;
  const plain = (
    code:
      | 'pgvector-newest'
      | 'distinct-vectors'
      | 'fresh-table'
      | 'text-uncompressed'
      | 'gin-estimate'
      | 'wal-without-page-images',
    holds: boolean,
  ): Assumption[] => (holds ? [{ code, data: {} }] : []);
  return [
    ...(question.pgVersion === undefined
      ? [{ code: 'postgresql-version' as const, data: { version: pgVersion } }]
      : []),
    ...plain('pgvector-newest', question.pgvector === undefined),
    ...plain('distinct-vectors', true),
    ...plain('fresh-table', true),
    ...plain(
      'text-uncompressed',
      columns.some(({ averageBytes }) => averageBytes > 0),
    ),
    ...plain(
      'gin-estimate',
      columns.some(({ index }) => index?.method === 'gin'),
    ),
    ...plain('wal-without-page-images', true),
    ...(asked > maxParallelWorkers ? [{ code: 'workers-bounded' as const, data: { asked, maxParallelWorkers } }] : []),
  ];
}
