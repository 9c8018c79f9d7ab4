import { explainQuery } from '../../postgres/index.js';
import type { LiveLimit } from './report.js';
import { livePlan } from '../catalog/plan.js';
import { parametersOf } from './queries.js';
import { type PlannedArm, asApplication } from './run.js';

/** No application asks for more. */
const LARGEST = 1_000_000;

/**
 * The largest LIMIT that the planner serves by an index on the vectors, and the plan from there on: the more rows are asked
 * for, the costlier the index looks beside a sort of everything. Plans are made, and nothing is executed.
 *
 * @param limit of the question
 * @returns null where the plan is the same for every LIMIT
 */
export function limitOfIndex({ run, natural }: PlannedArm, limit: number): Promise<LiveLimit | null> {
  const { session, table, question, queries } = run;
  const planOf = async (rows: number) =>
    livePlan(await explainQuery(session, question.withLimit(rows), parametersOf(queries[0]!)), table);
  const uses = async (rows: number): Promise<boolean> => (await planOf(rows)).indexes.length > 0;
  return asApplication(run, async () => {
    let [last, end] = [limit, limit];
    if (natural.indexes.length > 0) {
      while (await uses(end)) {
        if (end >= LARGEST) return null;
        last = end;
        end = Math.min(LARGEST, 4 * end);
      }
    } else {
      last = 1;
      if (!(await uses(last))) return null;
    }
    while (end - last > 1) {
      const middle = Math.floor((last + end) / 2);
      if (await uses(middle)) last = middle;
      else end = middle;
    }
    return { last, asked: limit, beyond: (await planOf(end)).text };
  });
}
