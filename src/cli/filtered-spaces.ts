import { type Config, filteredWorkloads } from '../config/index.js';
import type { Shape, Situation } from '../experiment/index.js';
import type { Family, FilteredSpace } from '../tune/index.js';
import { filteredStrategies, type FilteredStrategy } from '../workloads/index.js';

/**
 * What is to be found for each filtered workload of a configuration; before the server is known there are no filters.
 *
 * @param families the indexes that plain queries would choose from: of each method, the first serves filters
 */
export function filteredSpaces(
  config: Config,
  shape: Shape & Partial<Situation>,
  families: readonly Family[],
): readonly FilteredSpace[] {
  const methods = new Set<string>();
  const specs = families.flatMap(({ spec }) => {
    const isFirst = !methods.has(spec.method);
    methods.add(spec.method);
    return isFirst ? [spec] : [];
  });
  return filteredWorkloads(config.workloads).map(({ strategies, join }, number): FilteredSpace => ({
    cases: (shape.filters ?? [])
      .filter(({ workload }) => workload === number)
      .map(({ name, cell, run: { filter, join, question, prepared } }) => ({
        name,
        cell,
        filter,
        join,
        question: { ...question, pgvector: shape.pgvector ?? '' },
        measure: prepared.measure,
        shortfalls: prepared.shortfalls,
      })),
    strategies:
      strategies === 'all'
        ? namesOf(filteredStrategies.filter(({ copies }) => join !== undefined || copies !== 'columns'))
        : strategies,
    // Of the same filter at another correlation a copy costs the same.
    seldom: strategies === 'all' ? namesOf(filteredStrategies.filter(({ copies }) => copies === 'table')) : [],
    specs,
    target: { recall: config.target.recall },
    k: config.k,
    rows: shape.rows,
    samples: SAMPLES,
  }));
}

const namesOf = (strategies: readonly FilteredStrategy[]): readonly string[] => strategies.map(({ name }) => name);

/** Timed round trips that a strategy is compared by: a median needs fewer than a high quantile. */
const SAMPLES = 200;
