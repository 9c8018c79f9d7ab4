import {
  applySettings,
  explainPrepared,
  type PlanNode,
  readSettings,
  type Session,
  type Statement,
} from '../postgres/index.js';

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
