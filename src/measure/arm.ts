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
  /** The tables that hold its rows: itself, or its partitions. Unquoted. */
  readonly stored: readonly string[];
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

/** How a plan has to read a table. Plain data, so that it can be posted to a thread. Names are unquoted. */
export interface WantedScan {
  /** The index under test, which may be a partitioned one; null: none. */
  readonly index: string | null;
  /** The tables that hold the rows, each with the index that leads to them. */
  readonly parts: readonly {
    readonly table: string;
    readonly index: string | null;
    /** Without rows, which may be found missing in any way. */
    readonly isEmpty?: boolean;
  }[];
}

/**
 * The node that reads a table; of one in parts the node that puts these together, with the name of the index that theirs are
 * parts of.
 *
 * @throws {VoidPoint} unless every part is read through its own index (null: through no index at all)
 */
export function scanOf(plan: PlanNode, { index, parts }: WantedScan): PlanNode {
  const nodes = [...walkPlan(plan)];
  const stored = parts.filter(({ isEmpty }) => !isEmpty);
  const unread = stored.filter(({ table }) => nodes.every(({ relation }) => relation !== table));
  const tables = stored.map(({ table }) => table);
  if (unread.length > 0) {
    throw new VoidPoint({ code: 'table-not-read', data: { tables: unread.map(({ table }) => table) } });
  }
  const isWanted = stored.every((part) =>
    nodes.every(({ relation, index: own }) => relation !== part.table || own === part.index),
  );
  if (isWanted) return { ...nodeAbove(plan, tables), index };
  const indexes = stored.flatMap((part) => part.index ?? []);
  const wanted: WantedPlan =
    index === null
      ? { kind: 'table-scan' }
      : indexes.length > 1
        ? { kind: 'all-of', indexes }
        : { kind: 'one-of', indexes, orTable: false };
  throw new VoidPoint({ code: 'other-plan', data: { wanted, got: scansOf(plan, tables) } });
}

/** The lowest node with all that reads these tables; the scan itself where there is one. */
function nodeAbove(plan: PlanNode, tables: readonly string[]): PlanNode {
  const reads = (node: PlanNode): boolean =>
    [...walkPlan(node)].some(({ relation }) => relation !== null && tables.includes(relation));
  const below = plan.children.filter(reads);
  const isScan = plan.relation !== null && tables.includes(plan.relation);
  return below.length === 1 && !isScan ? nodeAbove(below[0]!, tables) : plan;
}
