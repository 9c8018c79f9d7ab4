import type { PlanNode } from '../postgres/index.js';
import type { Reason, WantedPlan } from '../results/index.js';
import { scansOf } from '../workloads/index.js';
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
  /** Unquoted names of the indexes visible to the planner; none when the exact scan is under test. */
  readonly indexes: readonly string[];
  /**
   * Checks that a query's plan is the one under test.
   *
   * @returns the node that reads the table
   * @throws {VoidPoint} when another plan would serve the query
   */
  checkPlan(plan: PlanNode, query: number): PlanNode;
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

/** A point that cannot prove what it measured. */
export class VoidPoint extends Error {
  override readonly name = 'VoidPoint';
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason.code);
    this.reason = reason;
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
 * Runs `work` with only the arm's own indexes visible and the arm's settings in force, after checking both, and undoes
 * everything. The drops are rolled back with the transaction: no other session ever sees them.
 *
 * @param query the query whose plan is looked at; it is executed once untimed, which also takes the planning out of
 *   the timed part
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
    // A plan that was cached under other settings would be taken for that of these: settings are no part of its key.
    await session.query('DISCARD PLANS');
    await session.execute(arm.statement, arm.parameters(query));
    const plan = await explainPrepared(session, arm.statement, arm.literals(query), { analyze: false });
    return work({ settings, plan, scan: arm.checkPlan(plan, query) });
  });
}

/** @throws {VoidPoint} when a setting does not read back as it was set */
export function checkSettings(wanted: Settings, got: Settings): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (got[name] !== value) {
      throw new VoidPoint({ code: 'setting-not-applied', data: { name, wanted: value, got: got[name] ?? null } });
    }
  }
}

/** The node that reads the table. @throws {VoidPoint} unless it goes through `index` (null: through no index at all) */
export function scanOf(plan: PlanNode, table: string, index: string | null): PlanNode {
  const scan = [...walkPlan(plan)].find((node) => node.relation === table);
  if (!scan) throw new VoidPoint({ code: 'table-not-read', data: { tables: [table] } });
  if (scan.index === index) return scan;
  const wanted: WantedPlan =
    index === null ? { kind: 'table-scan' } : { kind: 'one-of', indexes: [index], orTable: false };
  throw new VoidPoint({ code: 'other-plan', data: { wanted, got: scansOf(plan, [table]) } });
}
