import type { Config } from '../config/index.js';
import { PgvtuneError } from '../errors.js';
import { grid } from '../tune/index.js';
import { benchRows } from './bench-rows.js';
import { loadPlan } from './load-plan.js';
import type { MakeSearch } from './run-search.js';

/** What `bench` measures: every combination that the configuration names. */
export const benchSearch: MakeSearch = ({ config, target, shape }) => {
  refuseWorkloads(config);
  return grid({
    rows: benchRows(config, shape),
    workload: { kind: 'plain', k: config.k },
    queries: shape.queries,
    repeats: config.measure.repeats,
    cache: config.measure.cache,
    loads: { plan: loadPlan(config, { sessions: shape.sessions, unasked: false }), recall: target.recall },
  });
};

/** @throws {PgvtuneError} `usage` for a workload whose combinations are more than a grid */
function refuseWorkloads({ workloads }: Config): void {
  if (workloads.every((workload) => 'plain' in workload)) return;
  throw new PgvtuneError('usage', 'bench measures plain queries; the configuration has other workloads.', {
    hint: 'Use pgvtune tune, or leave workloads out.',
  });
}
