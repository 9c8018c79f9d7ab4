import { type Config, layoutOf } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { describeSpec, isReranked, rowsOfIndex } from '../../indexes/index.js';
import type { BenchAnswer, Search } from '../../results/index.js';
import type { Shape, Situation } from '../../workloads/index.js';
import type { GridRow } from '../grid.js';
import { grid } from '../grid.js';
import { shardedGrid } from '../sharded-grid.js';
import { gridRows } from './grid-rows.js';
import { checkLoads, loadPlan } from './loads.js';
import type { ConfiguredSearch } from './search.js';

/** What `bench` does with a configuration: every combination of its indexes and settings. */
export const benchFromConfig = (config: Config): ConfiguredSearch<BenchAnswer> => ({
  check(shape) {
    refuseWorkloads(config);
    gridRows(config, indexed(config, shape));
    if (layoutOf(config).kind === 'sharded') checkSharded(config, shape);
    checkLoads(config, shape);
  },
  search(situation) {
    const rows = gridRows(config, indexed(config, situation));
    const { k, queries } = { k: config.k, queries: situation.queries };
    return layoutOf(config).kind === 'sharded' ? shardedGrid({ rows, k, queries }) : gridOf(config, situation, rows);
  },
});

const gridOf = (config: Config, situation: Situation, rows: readonly GridRow[]): Search<BenchAnswer> =>
  grid({
    rows,
    workload: { kind: 'plain', k: config.k },
    queries: situation.queries,
    repeats: config.measure.repeats,
    cache: config.measure.cache,
    loads: {
      plan: loadPlan(config, { sessions: situation.sessions, isAsked: true }),
      target: config.target,
    },
  });

/** @throws {PgvtuneError} `usage` for what is not measured over shards */
function checkSharded(config: Config, shape: Shape): void {
  const { cache, repeats, concurrency = [], rate, slo } = config.measure;
  const reranked = gridRows(config, indexed(config, shape)).find(({ spec }) => isReranked(spec));
  if (reranked) {
    throw new PgvtuneError(
      'usage',
      `${describeSpec(reranked.spec)} is re-ranked, which would happen on the server of the run.`,
      {
        hint: 'Name representations vector and halfvec alone.',
      },
    );
  }
  const key =
    cache !== 'warm'
      ? 'cache'
      : repeats > 1
        ? 'repeats'
        : concurrency.length > 0
          ? 'concurrency'
          : rate !== undefined
            ? 'rate'
            : slo && 'slo';
  if (key === undefined) return;
  throw new PgvtuneError('usage', `measure.${key} is not measured over shards.`, { hint: 'Leave it out.' });
}

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
