import { type Config, filteredWorkloads } from '../../config/index.js';
import { filteredStrategies, type FilteredStrategy, type Situation } from '../../workloads/index.js';
import type { FilteredSpace } from '../filtered/index.js';
import type { Family } from '../plain/space.js';
import { targetOf } from './target.js';

/** Timed round trips that a strategy is compared by: a median needs fewer than a high quantile. */
const SAMPLES = 200;

/**
 * What is to be found for each filtered workload of a configuration.
 *
 * @param families the indexes that plain queries would choose from: of each method, the first serves filters
 */
export function filteredSpaces(
  config: Config,
  { rows, filtered }: Situation,
  families: readonly Family[],
): readonly FilteredSpace[] {
  const methods = new Set<string>();
  const specs = families.flatMap(({ spec }) => {
    const isFirst = !methods.has(spec.method);
    methods.add(spec.method);
    return isFirst ? [spec] : [];
  });
  return filteredWorkloads(config.workloads).map(({ strategies, join }, number): FilteredSpace => ({
    cases: filtered.filter(({ workload }) => workload === number),
    strategies:
      strategies === 'all'
        ? namesOf(filteredStrategies.filter(({ copies }) => join !== undefined || copies !== 'columns'))
        : strategies,
    // Of the same filter at another correlation a copy costs the same.
    seldom: strategies === 'all' ? namesOf(filteredStrategies.filter(({ copies }) => copies === 'table')) : [],
    specs,
    target: targetOf(config),
    k: config.k,
    rows,
    samples: SAMPLES,
  }));
}

const namesOf = (strategies: readonly FilteredStrategy[]): readonly string[] => strategies.map(({ name }) => name);
