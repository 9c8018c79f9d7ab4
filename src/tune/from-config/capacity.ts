import type { Config } from '../../config/index.js';
import { serverLimits } from '../../indexes/index.js';
import type { CapacityAnswer } from '../../results/index.js';
import { growth } from '../growth/search.js';
import { checkQueries } from '../plain/space.js';
import { refuseLayout } from './layout.js';
import { checkLoads, loadPlan } from './loads.js';
import { type ChosenIndex, namedIndex } from './named-index.js';
import type { ConfiguredSearch } from './search.js';
import { targetOf } from './target.js';

/**
 * What `capacity` does with a configuration: the growth of one index.
 *
 * @param chosen the index of an earlier run; null: the one that the configuration names, or pgvector's default
 */
export const capacityFromConfig = (config: Config, chosen: ChosenIndex | null): ConfiguredSearch<CapacityAnswer> => ({
  check(shape) {
    refuseLayout(config);
    checkQueries(config.target, shape.queries);
    namedIndex(config, shape, { chosen, command: 'capacity' });
    checkLoads(config, shape);
  },
  search(situation) {
    const { rows, dimensions, metric, queries, coldBytes, sessions } = situation;
    const { spec } = namedIndex(config, situation, { chosen, command: 'capacity' });
    return growth(
      {
        families: [],
        rowsBudget: null,
        rulesOfThumb: [],
        workload: { kind: 'plain', k: config.k },
        target: targetOf(config),
        rows,
        dimensions,
        metric,
        queries,
        timed: queries,
        server: serverLimits(situation),
        repeats: 1,
        cache: config.measure.cache,
        coldBytes,
        loads: loadPlan(config, { sessions, isAsked: false }),
      },
      spec,
    );
  },
});
