import { type Parameter, type PlanNode, type Session, walkPlan } from '../../postgres/index.js';
import type { LiveTable } from './table.js';

/** How a plan reads the table. */
export interface LivePlan {
  /** Indexes on the vectors that it uses. */
  readonly indexes: readonly string[];
  /** Nodes that read the table otherwise, such as `Seq Scan on items`. */
  readonly others: readonly string[];
  /** The same in one line, to be compared. */
  readonly text: string;
}

export function livePlan(plan: PlanNode, table: LiveTable): LivePlan {
  const scans = scansOf(plan, table);
  const describe = ({ type, index, relation }: PlanNode): string =>
    `${type}${index === null ? '' : ` using ${index}`} on ${relation ?? '?'}`;
  return {
    indexes: scans.filter(({ serves }) => serves).map(({ node }) => node.index!),
    others: scans.filter(({ serves }) => !serves).map(({ node }) => describe(node)),
    text: scans.map(({ node }) => describe(node)).join(', ') || plan.type,
  };
}

/** Whether every table that is read is found by an index on the vectors, whatever else is read of it. */
export function isServed(plan: PlanNode, table: LiveTable): boolean {
  const scans = scansOf(plan, table);
  const served = new Set(scans.filter(({ serves }) => serves).map(({ node }) => node.relation));
  return served.size > 0 && scans.every(({ node }) => served.has(node.relation));
}

/** The nodes that read a table's rows; `serves`: by an index on the vectors. */
function scansOf(
  plan: PlanNode,
  { leaves, indexes }: LiveTable,
): readonly { readonly node: PlanNode; readonly serves: boolean }[] {
  const names = new Set(indexes.map(({ name }) => name));
  // An empty partition needs no index.
  const tables = new Set(leaves.filter(({ blocks }) => blocks > 0).map(({ name }) => name));
  return [...walkPlan(plan)]
    .filter(({ relation }) => relation !== null && tables.has(relation))
    .map((node) => ({ node, serves: node.index !== null && names.has(node.index) }));
}

/** The lines of EXPLAIN. Vectors are long, and may be nobody's business: they are left out. */
export async function explainLines(
  session: Session,
  text: string,
  values: readonly Parameter[] = [],
): Promise<readonly string[]> {
  const rows = await session.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, values);
  return rows.map((row) => row['QUERY PLAN'].replaceAll(/'(?:\[[^']*\]|\{[^']*\}\/\d+|[01]{8,})'/g, "'[…]'"));
}
