import type { Config } from '../../config/index.js';
import type { Target } from '../../vocabulary.js';

/** The target that a configuration states; a bound that is absent is not asked for. */
export const targetOf = ({ target }: Pick<Config, 'target'>): Target => ({
  recall: target.recall,
  confidence: target.confidence,
  ...(target.p95 === undefined ? {} : { p95Ms: target.p95 }),
  ...(target.index_size === undefined ? {} : { indexBytes: target.index_size }),
  ...(target.build_memory === undefined ? {} : { buildMemoryBytes: target.build_memory }),
  ...(target.build_time === undefined ? {} : { buildSeconds: target.build_time / 1000 }),
  ...(target.queries_per_day === undefined ? {} : { queriesPerDay: target.queries_per_day }),
  minimise: target.minimise,
});
