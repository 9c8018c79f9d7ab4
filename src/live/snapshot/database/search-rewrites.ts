import { type DatabaseSnapshot, type StatementRewrite, type StatementPlan, totalMs } from '../../../audit/index.js';
import { PgvtuneError } from '../../../errors.js';
import { isUnread } from '../../../findings.js';
import { monotonicClock } from '../../../measure/index.js';
import type { Session } from '../../../postgres/index.js';
import { silentReporter } from '../../../progress.js';
import { explainStatement } from '../../explain/explain.js';

/** Each takes a dozen plans. */
const MOST_SEARCHES = 3;

/**
 * Looks for what keeps an index out of the searches for the nearest vectors that took most time, as `explain` does: nothing of them
 * is executed.
 *
 * @returns the same plans, those of searches with what to write instead
 */
export async function withSearchRewrites(
  session: Session,
  { statements, workload }: Pick<DatabaseSnapshot, 'statements' | 'workload'>,
  deadlineMs: number,
): Promise<DatabaseSnapshot['workload']> {
  if (isUnread(statements) || isUnread(workload)) return workload;
  const searches = statements.statements
    .filter(({ shape }) => shape?.nearest)
    .toSorted((a, b) => totalMs(b) - totalMs(a))
    .filter(({ id, role }) => workload.plans.some((plan) => plan.id === id && plan.role === role))
    .slice(0, MOST_SEARCHES);
  const rewrites = new Map<string, StatementRewrite>();
  for (const { id, query } of searches) {
    const rewrite = await rewriteOf(session, query, deadlineMs);
    if (rewrite) rewrites.set(id, rewrite);
  }
  const plans = workload.plans.map((plan): StatementPlan => ({
    ...plan,
    rewrite: rewrites.get(plan.id) ?? plan.rewrite,
  }));
  return { ...workload, plans };
}

/** @returns null where nothing is to be written otherwise, or the text alone does not say what is asked for */
async function rewriteOf(session: Session, sql: string, deadlineMs: number): Promise<StatementRewrite | null> {
  try {
    const { changed, plan } = await explainStatement({
      session,
      sql,
      given: new Map(),
      measure: null,
      deadlineMs,
      seed: 1,
      clock: monotonicClock,
      reporter: silentReporter,
    });
    if (!changed?.plan.usesIndex) return null;
    return {
      sql: changed.sql,
      change: null,
      settings: changed.settings,
      sameRows: changed.sameRows,
      costBefore: plan.totalCost,
      costAfter: changed.plan.totalCost,
    };
  } catch (error) {
    if (error instanceof PgvtuneError && error.code !== 'interrupted') return null;
    throw error;
  }
}
