import { type Config, layoutOf } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { rowsOfIndex } from '../../indexes/index.js';
import type { BenchAnswer } from '../../results/index.js';
import type { Shape } from '../../workloads/index.js';
import { grid } from '../grid.js';
import { gridRows } from './grid-rows.js';
import { checkLoads, loadPlan } from './loads.js';
import type { ConfiguredSearch } from './search.js';

/** What `bench` does with a configuration: every combination of its indexes and settings. */
export const benchFromConfig = (config: Config): ConfiguredSearch<BenchAnswer> => ({
  check(shape) {
    refuseWorkloads(config);
    gridRows(config, indexed(config, shape));
    checkLoads(config, shape);
  },
  search: (situation) =>
    grid({
      rows: gridRows(config, indexed(config, situation)),
      workload: { kind: 'plain', k: config.k },
      queries: situation.queries,
      repeats: config.measure.repeats,
      cache: config.measure.cache,
      loads: {
        plan: loadPlan(config, { sessions: situation.sessions, isAsked: true }),
        target: config.target,
      },
    }),
});

/** With the rows that an index holds. */
const indexed = <S extends Shape>(config: Config, shape: S): S => ({
  ...shape,
  rows: rowsOfIndex({ ...shape, layout: layoutOf(config) }),
});

/** @throws {PgvtuneError} `usage` for a workload whose combinations are more than a grid */
function refuseWorkloads({ workloads }: Config): void {
  if (workloads.every((workload) => 'plain' in workload)) return;
  throw new PgvtuneError('usage', 'bench measures plain queries; the configuration has other workloads.', {
    hint: 'Use pgvtune tune, or leave workloads out.',
  });
}
