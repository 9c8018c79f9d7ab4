import { type Config, expandIndexes } from '../../config/index.js';
import { PgvtuneError } from '../../errors.js';
import { indexKind, serverLimits, validateSpec } from '../../indexes/index.js';
import type { CapacityAnswer } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import type { Shape } from '../../workloads/index.js';
import { growth } from '../growth/search.js';
import { checkQueries } from '../plain/space.js';
import { checkLoads, loadPlan } from './loads.js';
import type { ConfiguredSearch } from './search.js';
import { targetOf } from './target.js';

/**
 * What `capacity` does with a configuration: the growth of one index.
 *
 * @param chosen the index of an earlier run; null: the one that the configuration names, or pgvector's default
 */
export const capacityFromConfig = (config: Config, chosen: IndexSpec | null): ConfiguredSearch<CapacityAnswer> => ({
  check(shape) {
    checkQueries(config.target.recall, shape.queries);
    indexOf(config, shape, chosen);
    checkLoads(config, shape);
  },
  search(situation) {
    const { rows, dimensions, metric, queries, coldBytes, settings, pgvector, sessions } = situation;
    const spec = indexOf(config, situation, chosen);
    return growth(
      {
        families: [],
        rulesOfThumb: [],
        workload: { kind: 'plain', k: config.k },
        target: targetOf(config),
        rows,
        dimensions,
        metric,
        queries,
        server: serverLimits(settings, pgvector),
        repeats: 1,
        cache: config.measure.cache,
        coldBytes,
        loads: loadPlan(config, { sessions, isAsked: false }),
      },
      spec,
    );
  },
});

/** @throws {PgvtuneError} `usage` for several indexes, or one that is not possible here */
function indexOf(config: Config, shape: Shape, chosen: IndexSpec | null): IndexSpec {
  const named = expandIndexes(config) ?? [];
  if (chosen === null && named.length > 1) {
    throw new PgvtuneError(
      'usage',
      `capacity measures the growth of one index; the configuration names ${named.length}.`,
      {
        hint: 'Name one, or a run of tune with --run: its recommendation is taken.',
      },
    );
  }
  const { parameters = {} } = indexKind('hnsw').startingPoints(shape.rows)[0] ?? {};
  const spec = chosen ??
    named[0]?.spec ?? { method: 'hnsw', representation: 'vector' as const, parameters: { ...parameters } };
  validateSpec(spec, shape);
  return spec;
}
