import type { PlanNode } from '../postgres/index.js';
import {
  applySettings,
  explainPrepared,
  type Parameter,
  type Session,
  type Settings,
  type Statement,
  walkPlan,
} from '../postgres/index.js';

/** One side of a comparison: a statement, its settings, and what must serve it. */
export interface Arm {
  readonly key: string;
  readonly statement: Statement;
  /** Bound parameters of query q, encoded before anything is timed. */
  parameters(query: number): readonly Parameter[];
  /** The same as SQL text, for EXPLAIN EXECUTE. */
  literals(query: number): readonly string[];
  /** Settings by their full names, as they must read back. */
  readonly settings: Settings;
  /** Unquoted names of the indexes in sight; none when the exact scan is under test. */
  readonly indexes: readonly string[];
  /**
   * Proves that a query's plan is the one under test.
   *
   * @returns the node that reads the table
   * @throws {VoidPoint} when another plan would serve the query
   */
  prove(plan: PlanNode, query: number): PlanNode;
}

/** The table that the arms query, and the indexes that compete for it. */
export interface TableUnderTest {
  readonly schema: string;
  /** Unquoted. */
  readonly name: string;
  /**
   * Unquoted names of every index on it, and on tables that are joined to it or copies of it, beside primary keys; all
   * but the arm's own are out of sight while it is measured.
   */
  readonly indexes: readonly string[];
  /** Quotes and qualifies a name of the schema. */
  readonly quote: (name: string) => string;
}

/** Why a point cannot prove what it measured. */
export class VoidPoint extends Error {
  override readonly name = 'VoidPoint';
  /** The plan that the server chose instead, in words; undefined when that is not the reason. */
  readonly planInstead: string | undefined;

  constructor(message: string, planInstead?: string) {
    super(message);
    this.planInstead = planInstead;
  }
}

/** What was seen of an arm before its queries were timed. */
export interface ArmEvidence {
  readonly settings: Settings;
  readonly plan: PlanNode;
  /** The node of the plan that reads the table. */
  readonly scan: PlanNode;
}

/**
 * Runs `work` with only the arm's own indexes in sight and the arm's settings in force, after proving both, and undoes
 * everything. The drops are rolled back with the transaction: no other session ever sees them.
 *
 * @param query the query whose plan is looked at; it is executed once untimed, which also takes the re-planning that
 *   the hidden indexes cause out of the timed part
 * @throws {VoidPoint} when a setting did not take or another plan than the one under test would serve the query
 */
export async function withArm<T>(
  session: Session,
  table: TableUnderTest,
  arm: Arm,
  query: number,
  work: (evidence: ArmEvidence) => Promise<T>,
): Promise<T> {
  return session.rolledBack(async () => {
    const others = table.indexes.filter((index) => !arm.indexes.includes(index));
    if (others.length > 0)
      await session.query(`DROP INDEX IF EXISTS ${others.map((name) => table.quote(name)).join(', ')}`);
    const settings = await applySettings(session, arm.settings);
    checkSettings(arm.settings, settings);
    await session.execute(arm.statement, arm.parameters(query));
    const plan = await explainPrepared(session, arm.statement, arm.literals(query), { analyze: false });
    return work({ settings, plan, scan: arm.prove(plan, query) });
  });
}

/** @throws {VoidPoint} when a setting does not read back as it was set */
export function checkSettings(wanted: Settings, got: Settings): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (got[name] !== value) {
      throw new VoidPoint(`${name} was set to ${value} and reads back as ${got[name] ?? 'unknown'}.`);
    }
  }
}

/** The node that reads the table. @throws {VoidPoint} unless it goes through `index` (null: through no index at all) */
export function scanOf(plan: PlanNode, table: string, index: string | null): PlanNode {
  const scan = [...walkPlan(plan)].find((node) => node.relation === table);
  if (!scan) throw new VoidPoint(`The plan does not read ${table}.`);
  if (scan.index !== index) {
    const wanted = index === null ? 'a scan of the table' : `index ${index}`;
    const got = scan.index === null ? `${scan.type} without an index` : `index ${scan.index}`;
    throw new VoidPoint(`The plan should use ${wanted}; it uses ${got}.`, got);
  }
  return scan;
}
