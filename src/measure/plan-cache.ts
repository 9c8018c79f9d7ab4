import {
  applySettings,
  explainPrepared,
  type PlanNode,
  readSettings,
  type Session,
  type Statement,
  walkPlan,
} from '../postgres/index.js';
import { type Arm, type TableUnderTest, withArm } from './arm.js';

/** How often a prepared statement was planned for its arguments (custom), and how often without regard to them. */
export interface PlanCounts {
  readonly generic: number;
  readonly custom: number;
}

/**
 * What the server counts of a statement that this session has prepared: executions, EXPLAIN EXECUTE among them. Null
 * before PostgreSQL 14, which does not tell.
 */
export async function countPlans(session: Session, { name }: Statement): Promise<PlanCounts | null> {
  // As JSON, so that a missing column is no error.
  const [row] = await session.query<{ generic: string | null; custom: string | null }>(
    `SELECT entry ->> 'generic_plans' AS generic, entry ->> 'custom_plans' AS custom
       FROM (SELECT to_json(p) AS entry FROM pg_prepared_statements p WHERE p.name = $1) AS e`,
    [name],
  );
  if (!row || row.generic === null || row.custom === null) return null;
  return { generic: Number(row.generic), custom: Number(row.custom) };
}

/** The plan that a prepared statement gets when the server plans it for its arguments, and when it does not. */
export interface BothPlans {
  /** `plan_cache_mode` as it is; `auto` lets the server choose after five executions. */
  readonly mode: string;
  readonly generic: PlanNode;
  readonly custom: PlanNode;
}

/**
 * Looks at both plans; nothing is executed. To be called inside of a transaction, whose `plan_cache_mode` is afterwards
 * as it was.
 *
 * @param literals the arguments as SQL text
 */
export async function bothPlans(
  session: Session,
  statement: Statement,
  literals: readonly string[],
): Promise<BothPlans> {
  const { plan_cache_mode: mode = 'auto' } = await readSettings(session, ['plan_cache_mode']);
  const explain = async (forced: string): Promise<PlanNode> => {
    await applySettings(session, { plan_cache_mode: forced });
    return explainPrepared(session, statement, literals, { analyze: false });
  };
  const plans = { generic: await explain('force_generic_plan'), custom: await explain('force_custom_plan') };
  await applySettings(session, { plan_cache_mode: mode });
  return { mode, ...plans };
}

/** How the plan cache treats an arm's statement. */
export interface PlanCacheLook extends Pick<BothPlans, 'mode'> {
  /** Since `before`; null where the server does not report it. */
  readonly counts: PlanCounts | null;
  /** How a plan that knows nothing of the arguments reads its tables, and how one made for them does. */
  readonly generic: string;
  readonly custom: string;
}

/**
 * Looks at the plan cache under an arm's settings, with the first query; nothing else is executed.
 *
 * @param before what was counted before the measurement; null when the statement was not there yet
 * @throws {VoidPoint} as {@link withArm}
 */
export function lookAtPlanCache(
  session: Session,
  table: TableUnderTest,
  arm: Arm,
  before: PlanCounts | null,
): Promise<PlanCacheLook> {
  return withArm(session, table, arm, 0, async () => {
    const counts = await countPlans(session, arm.statement);
    const { mode, generic, custom } = await bothPlans(session, arm.statement, arm.literals(0));
    return {
      mode,
      counts: counts && {
        generic: counts.generic - (before?.generic ?? 0),
        custom: counts.custom - (before?.custom ?? 0),
      },
      generic: scansText(generic),
      custom: scansText(custom),
    };
  });
}

/** `Index Scan using …`, for each way to a table that a plan takes. */
const scansText = (plan: PlanNode): string =>
  [...walkPlan(plan)]
    .filter(({ relation, index }) => relation !== null || index !== null)
    .map(({ type, index }) => (index === null ? type : `${type} using ${index}`))
    .join(', ');
