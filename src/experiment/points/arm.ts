import { shortHash } from '../../canonical-json.js';
import { gucs } from '../../indexes/index.js';
import { type Arm, scanOf } from '../../measure/index.js';
import { encodeVector, literal, type Settings, vectorText, type Workspace } from '../../postgres/index.js';
import type { BuildRecord, PointRequest, ThroughputRequest } from '../../results/index.js';
import type { Matrix, Metric } from '../../vocabulary.js';
import { plainQuery, type QueryArgument, rerankDepth, type WorkloadQuery } from '../../workloads/index.js';

export interface ArmContext {
  readonly workspace: Workspace;
  readonly metric: Metric;
  /** Unquoted name of the table. */
  readonly table: string;
  readonly queries: Matrix;
}

/** A workload's query as an arm; what it still lacks is of the workload. */
export function armOf(query: WorkloadQuery, { rows }: Matrix): Pick<Arm, 'statement' | 'parameters' | 'literals'> {
  const encoded = Array.from({ length: rows }, (_, q) => query.arguments(q).map(encodeArgument));
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
  });
  const index = build.index?.name ?? null;
  const settings: Settings = {
    ...gucs(spec.method, search),
    // A subset is there to compare graphs; that it is small enough for a scan of the table says nothing about the whole.
    ...(build.request.rows === undefined || build.index === null ? {} : { enable_seqscan: 'off' }),
  };
  return {
    key: shortHash(request),
    ...armOf(query, queries),
    settings,
    indexes: index === null ? [] : [index],
    prove: (plan) => scanOf(plan, table, index),
  };
}

export const encodeArgument = (argument: QueryArgument) =>
  argument instanceof Float32Array ? encodeVector(argument) : argument;

const argumentLiteral = (argument: QueryArgument): string =>
  typeof argument === 'number'
    ? String(argument)
    : literal(argument instanceof Float32Array ? vectorText(argument) : argument);

/** The queries of a run in its own order, as one block. */
export function selectQueries(queries: Matrix, order: readonly number[]): Matrix {
  const { dimensions } = queries;
  const values = new Float32Array(order.length * dimensions);
  for (const [i, query] of order.entries()) {
    values.set(queries.values.subarray(query * dimensions, (query + 1) * dimensions), i * dimensions);
  }
  return { rows: order.length, dimensions, values };
}

/** The vector of one query. */
export const queryVector = ({ dimensions, values }: Matrix, query: number): Float32Array =>
  values.subarray(query * dimensions, (query + 1) * dimensions);
