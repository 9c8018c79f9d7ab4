import { shortHash } from '../../canonical-json.js';
import { bitText, gucs } from '../../indexes/index.js';
import { type Arm, scanOf } from '../../measure/index.js';
import { encodeBits, encodeVector, literal, type Settings, vectorText, type Workspace } from '../../postgres/index.js';
import type { QuerySet } from '../../query-set.js';
import type { BuildRecord, PointRequest, ThroughputRequest } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';
import { plainQuery, type QueryArgument, rerankDepth, type WorkloadQuery } from '../../workloads/index.js';

export interface ArmContext {
  readonly workspace: Workspace;
  readonly metric: Metric;
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

/** What is asked of a build without filter or text, as the statement, parameters and settings that ask it. */
export function toArm(
  context: ArmContext,
  request: Pick<PointRequest | ThroughputRequest, 'workload' | 'settings'>,
  build: Pick<BuildRecord, 'request' | 'index'>,
): Arm {
  const { workspace, metric, table, queries } = context;
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
  const index = build.index?.name ?? null;
  const settings: Settings = {
    ...gucs(spec.method, search),
    // A subset is there to compare graphs; that it is small enough for a scan of the table says nothing about the whole.
    ...(build.request.rows === undefined || build.index === null ? {} : { enable_seqscan: 'off' }),
  };
  return {
    key: shortHash(request),
    ...armOf(query, queries.size),
    settings,
    indexes: index === null ? [] : [index],
    checkPlan: (plan) => scanOf(plan, table, index),
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
