import { applySettings, explainQuery, type Session } from '../postgres/index.js';
import type { Reason } from '../results/index.js';
import { type Arm, checkSettings, type TableUnderTest, VoidPoint } from './arm.js';

/**
 * Why the plan of each arm's first query is another than the one under test; null: it is that one. Nothing is executed.
 *
 * @param arms all with the same indexes visible
 */
export async function checkPlans(
  session: Session,
  table: TableUnderTest,
  arms: readonly Arm[],
): Promise<readonly (Reason | null)[]> {
  return session.rolledBack(async () => {
    const others = table.indexes.filter((index) => !arms[0]?.indexes.includes(index));
    if (others.length > 0) await session.query(`DROP INDEX ${others.map(table.quote).join(', ')}`);
    const reasons: (Reason | null)[] = [];
    for (const arm of arms) reasons.push(await whyOtherPlan(session, arm));
    return reasons;
  });
}

async function whyOtherPlan(session: Session, arm: Arm): Promise<Reason | null> {
  try {
    checkSettings(arm.settings, await applySettings(session, arm.settings));
    arm.checkPlan(await explainQuery(session, arm.statement.text, arm.parameters(0)), 0);
    return null;
  } catch (error) {
    if (error instanceof VoidPoint) return error.reason;
    throw error;
  }
}
