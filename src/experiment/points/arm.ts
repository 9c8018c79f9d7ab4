import { shortHash } from '../../canonical-json.js';
import { bitText, gucs, storedTables } from '../../indexes/index.js';
import { type Arm, scanOf, type WantedScan } from '../../measure/index.js';
import { encodeBits, encodeVector, literal, type Settings, vectorText, type Workspace } from '../../postgres/index.js';
import type { QuerySet } from '../../query-set.js';
import type { BuildRecord, PointRequest, ThroughputRequest } from '../../results/index.js';
import type { Layout, Metric } from '../../vocabulary.js';
import { plainQuery, type QueryArgument, rerankDepth, type WorkloadQuery } from '../../workloads/index.js';

export interface ArmContext {
  readonly workspace: Workspace;
  readonly metric: Metric;
  readonly layout: Layout;
  /** Unquoted name of the table. */
  readonly table: string;
  readonly queries: QuerySet;
}

/** A workload's query as an arm; what it still lacks is of the workload. */
export function armOf(query: WorkloadQuery, queries: number): Pick<Arm, 'statement' | 'parameters' | 'literals'> {
  const encoded = Array.from({ length: queries }, (_, q) => query.arguments(q).map(encodeArgument));
  return {
    statement: { name: `pgvtune_${shortHash(query.text)}`, text: query.text },
    parameters: (q) => encoded[q] ?? [],
    literals: (q) => query.arguments(q).map(argumentLiteral),
  };
}

/** How a plan has to read a table to show what a build's index gives. */
export function wantedScan(
  table: string,
  layout: Layout,
  { index, partitions }: Pick<BuildRecord, 'index' | 'partitions'>,
): WantedScan {
  const name = index?.name ?? null;
  const parts = partitions
    ? partitions.map((part) => ({ table: part.table, index: part.name, isEmpty: part.rows === 0 }))
    : storedTables(table, layout).map((stored) => ({ table: stored, index: name }));
  return { index: name, parts };
}

/** What is asked of a build without filter or text, as the statement, parameters and settings that ask it. */
export function toArm(
  context: ArmContext,
  request: Pick<PointRequest | ThroughputRequest, 'workload' | 'settings'>,
  build: Pick<BuildRecord, 'request' | 'index' | 'partitions'>,
): Arm {
  const { workspace, metric, layout, table, queries } = context;
  const { spec } = build.request;
  const { [rerankDepth.name]: depth, ...search } = request.settings;
  const query = plainQuery({
    table: workspace.quote(table),
    spec,
    metric,
    k: request.workload.k,
    queries,
    settings: depth === undefined ? {} : { [rerankDepth.name]: depth },
    isProtected: request.workload.kind === 'plain' && request.workload.protected,
  });
  const wanted = wantedScan(table, layout, build);
  const settings: Settings = {
    ...gucs(spec.method, search),
    // A subset is there to compare graphs; that it is small enough for a scan of the table says nothing about the whole.
    ...(build.request.rows === undefined || build.index === null ? {} : { enable_seqscan: 'off' }),
  };
  return {
    key: shortHash(request),
    ...armOf(query, queries.size),
    settings,
    indexes: wanted.index === null ? [] : [wanted.index],
    checkPlan: (plan) => scanOf(plan, wanted),
  };
}

export function encodeArgument(argument: QueryArgument): Buffer | string | number {
  if (argument instanceof Float32Array) return encodeVector(argument);
  return typeof argument === 'object' ? encodeBits(argument) : argument;
}

/** As the server prints it. */
export function argumentText(argument: QueryArgument): string {
  if (argument instanceof Float32Array) return vectorText(argument);
  return typeof argument === 'object' ? bitText(argument) : String(argument);
}

const argumentLiteral = (argument: QueryArgument): string =>
  typeof argument === 'number' ? String(argument) : literal(argumentText(argument));
