import { applySettings, explainQuery, readOnly } from '../../postgres/index.js';
import { GENTLE } from '../statement/exact-settings.js';
import { exactParametersOf } from './queries.js';
import type { LiveCost } from './report.js';
import type { LiveMeasurement } from './run.js';

/** Enough to time the reading of pages; so few that they change little of what is cached. */
const SAMPLED_PAGES = 64;

/**
 * What the exact side will cost: the time of a few random pages, for all pages, and in the proportion in which the planner
 * finds a scan with a condition cheaper than one without.
 *
 * @param parts what is asked, of the same table
 */
export async function expectedCost(parts: readonly LiveMeasurement[]): Promise<LiveCost> {
  const { session, table, question, queries, deadlineMs, clock } = parts[0]!;
  const blocks = table.leaves.reduce((sum, leaf) => sum + leaf.blocks, 0);
  const tableBytes = table.leaves.reduce((sum, leaf) => sum + leaf.bytes, 0);
  const percent = Math.min(100, (100 * SAMPLED_PAGES) / Math.max(1, blocks));
  return readOnly(session, { deadlineMs }, async () => {
    await applySettings(session, GENTLE);
    const operand = [queries[0]!.exactOperand];
    const start = clock.now();
    await session.query(question.sampled(percent), operand, { deadlineMs });
    const scanMs = ((clock.now() - start) * 100) / percent;
    const whole = (await explainQuery(session, question.sampled(100), operand)).totalCost;
    let [exactScans, expectedMs] = [0, 0];
    for (const part of parts) {
      await applySettings(session, { ...part.settings, ...GENTLE, ...part.question.exactSettings });
      const { totalCost } = await explainQuery(session, part.question.exact.text, exactParametersOf(part.queries[0]!));
      exactScans += part.queries.length;
      expectedMs += part.queries.length * scanMs * Math.min(1, totalCost / whole);
    }
    return { exactScans, tableBytes, expectedMs };
  });
}
