import { PgvtuneError } from '../errors.js';
import type { Parameter, QueryOptions, Session, Statement } from './session.js';

/** One node of a plan, with the members this program looks at. Buffers are of the node and everything below it. */
export interface PlanNode {
  readonly type: string;
  readonly relation: string | null;
  readonly index: string | null;
  readonly startupCost: number;
  readonly totalCost: number;
  /** Rows that the planner expects. */
  readonly estimatedRows: number;
  readonly actualRows: number;
  /** Rows that the node read and threw away, by its filter, as a join or on checking again; over all its loops. */
  readonly rowsRemovedByFilter: number;
  /** It drops rows by a condition that its index does not serve. */
  readonly isFiltered: boolean;
  readonly sharedHit: number;
  readonly sharedRead: number;
  readonly children: readonly PlanNode[];
}

/** A whole plan: its topmost node. */
export interface Plan extends PlanNode {
  /** How long the server took to execute it, milliseconds; null when it was not executed. */
  readonly executionMs: number | null;
}

export interface ExplainOptions {
  /** Execute the statement and count buffers; without it only the plan is made. */
  readonly analyze: boolean;
}

/**
 * The plan of a prepared statement as the server would execute it now, generic or custom as its plan cache decides.
 *
 * @param literals the statement's arguments as SQL text: EXPLAIN EXECUTE takes no bound parameters
 */
export async function explainPrepared(
  session: Session,
  statement: Statement,
  literals: readonly string[],
  { analyze }: ExplainOptions,
): Promise<Plan> {
  // TIMING OFF: reading the clock at every row would be part of what is looked at.
  const options = analyze ? 'ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON' : 'FORMAT JSON';
  const rows = await session.query<{ 'QUERY PLAN': unknown }>(
    `EXPLAIN (${options}) EXECUTE "${statement.name}"${literals.length > 0 ? ` (${literals.join(', ')})` : ''}`,
  );
  return parsePlan(rows[0]?.['QUERY PLAN']);
}

/** The plan that a statement with these parameters would get now; it is not executed. */
export async function explainQuery(
  session: Session,
  text: string,
  values: readonly Parameter[] = [],
  options: QueryOptions = {},
): Promise<PlanNode> {
  const rows = await session.query<{ 'QUERY PLAN': unknown }>(`EXPLAIN (FORMAT JSON) ${text}`, values, options);
  return parsePlan(rows[0]?.['QUERY PLAN']);
}

/** Reads the document that EXPLAIN (FORMAT JSON) returns. @throws {PgvtuneError} `server` when it is not one */
export function parsePlan(document: unknown): Plan {
  const parsed: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  const whole = Array.isArray(parsed)
    ? (parsed[0] as { Plan?: RawNode; 'Execution Time'?: number } | undefined)
    : undefined;
  if (whole?.Plan === undefined)
    throw new PgvtuneError('server', 'Expected the JSON document of EXPLAIN, got something else.');
  return { ...toNode(whole.Plan), executionMs: whole['Execution Time'] ?? null };
}

type RawNode = Readonly<Record<string, unknown>> & { readonly Plans?: readonly RawNode[] };

function toNode(raw: RawNode): PlanNode {
  const number = (key: string): number => Number(raw[key] ?? 0);
  const text = (key: string): string | null => (typeof raw[key] === 'string' ? raw[key] : null);
  return {
    type: text('Node Type') ?? 'unknown',
    relation: text('Relation Name'),
    index: text('Index Name'),
    startupCost: number('Startup Cost'),
    totalCost: number('Total Cost'),
    estimatedRows: number('Plan Rows'),
    actualRows: number('Actual Rows'),
    // What is counted is an average over the loops.
    rowsRemovedByFilter:
      number('Actual Loops') *
      (number('Rows Removed by Filter') +
        number('Rows Removed by Join Filter') +
        number('Rows Removed by Index Recheck')),
    isFiltered: raw['Filter'] !== undefined,
    sharedHit: number('Shared Hit Blocks'),
    sharedRead: number('Shared Read Blocks'),
    children: (raw.Plans ?? []).map(toNode),
  };
}

/** The node and all below it, parents first. */
export function* walkPlan(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.children) yield* walkPlan(child);
}
