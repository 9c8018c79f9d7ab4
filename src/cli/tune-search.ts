import { expandIndexes, storedAs } from '../config/index.js';
import { serverLimits, usualStorages } from '../indexes/index.js';
import { checkQueries, defaultFamilies, namedFamilies, rulesOfThumb, tuneWorkloads } from '../tune/index.js';
import { filteredSpaces } from './filtered-spaces.js';
import { hybridSpaces } from './hybrid-spaces.js';
import { loadPlan } from './load-plan.js';
import type { MakeSearch } from './run-search.js';

/** What `tune` searches: every workload of the configuration, in the indexes that it names or in those usually tried. */
export const tuneSearch: MakeSearch = ({ config, target, shape }) => {
  checkQueries(target.recall, shape.queries);
  const named = expandIndexes(config)?.map(({ spec, values }) => ({ spec, knobValues: values }));
  const families = named
    ? namedFamilies(shape, named)
    : defaultFamilies(shape, storedAs(config) ?? usualStorages(shape.dimensions));
  const plain = {
    families,
    rulesOfThumb: named ? [] : rulesOfThumb(shape),
    workload: { kind: 'plain' as const, k: config.k },
    target,
    rows: shape.rows,
    dimensions: shape.dimensions,
    metric: shape.metric,
    queries: shape.queries,
    ...(shape.settings ? { server: serverLimits(shape.settings, shape.pgvector ?? '') } : {}),
    repeats: config.measure.repeats,
    cache: config.measure.cache,
    ...(shape.coldBytes === undefined ? {} : { coldBytes: shape.coldBytes }),
    loads: loadPlan(config, { sessions: shape.sessions, unasked: true }),
  };
  return tuneWorkloads({
    target,
    plain: config.workloads.some((workload) => 'plain' in workload) ? plain : null,
    filtered: filteredSpaces(config, shape, named ?? families),
    hybrid: hybridSpaces(config, shape, named ?? families),
  });
};
