import { checkPlans } from '../../measure/index.js';
import { keyOf, type PlansRecord, type PlansRequest } from '../../results/index.js';
import { taskOf } from '../points/task-of.js';
import type { Bench } from './handler.js';

/** Looks at the plan of one query at each of the settings that are named. */
export async function measurePlans(bench: Bench, request: PlansRequest): Promise<PlansRecord> {
  const startedAt = bench.now().toISOString();
  const build = await bench.indexes.require(request.build);
  const subset = await bench.subsetTable(build.request.rows);
  const { table } = await bench.verifiedTable(subset);
  const arms = [];
  for (const settings of request.settings) {
    const point = {
      build: request.build,
      workload: request.workload,
      settings,
      queries: 1,
      purpose: 'search',
    } as const;
    arms.push((await taskOf(bench, point, { builds: [build], table: subset })).arm(1));
  }
  const reasons = await checkPlans(bench.session, table, arms);
  return { type: 'plans', key: keyOf('plans', request), request, startedAt, reasons: [...reasons] };
}
