import { type Config, filteredWorkloads, hybridWorkloads } from '../config/index.js';
import type { Dataset } from '../datasets/index.js';
import { PgvtuneError } from '../errors.js';
import { querySet, type QuerySet } from '../query-set.js';
import { canonicalJson } from '../canonical-json.js';
import { createRandom } from '../random.js';
import { type Shape, stepsOf } from '../workloads/index.js';
import { checkFilters, type FilterCase, prepareFilterCases } from './filtered/cases.js';
import type { HybridInputs } from './hybrid/inputs.js';
import { checkHybrid, type PreparedHybrid, prepareHybrids } from './hybrid/prepare.js';
import { columnsOfAsk } from './filtered/prepare.js';
import type { ExperimentOptions } from './options.js';
import type { Prepared, PreparationTime } from './preparation-time.js';
import type { TableContents } from './table/contents.js';

/** What a configuration asks of its dataset, made concrete without a server. */
export interface Preparation {
  readonly shape: Shape;
  readonly queries: QuerySet;
  readonly filters: readonly FilterCase[];
  readonly hybrids: readonly PreparedHybrid[];
  /** What the time of the run made of it. */
  readonly prepared: Prepared;
}

/** Whether the search of a command shows a recall with more queries than it times: it tunes. */
const SHOWS_RECALL: Readonly<Record<ExperimentOptions['command'], boolean>> = {
  tune: true,
  gate: true,
  bench: false,
  capacity: false,
  churn: false,
};

type PrepareOptions = Pick<ExperimentOptions, 'command' | 'config' | 'dataset' | 'signal' | 'reporter'> & {
  readonly hybridInputs: HybridInputs | null;
  /** Where the time of the run is bounded. */
  readonly time?: PreparationTime | null;
};

/** @throws {PgvtuneError} `usage`, `dataset`: what the configuration asks for does not fit the data */
export async function prepare({
  config,
  dataset,
  signal,
  reporter,
  command,
  hybridInputs,
  time = null,
}: PrepareOptions): Promise<Preparation> {
  const shape = shapeOf(config, dataset);
  const queries = askedQueries(dataset, config, SHOWS_RECALL[command] ? shape.recallQueries : shape.queries);
  const context = {
    dataset,
    metric: shape.metric,
    k: config.k,
    queries: queries.slice(0, shape.queries),
    signal,
  };
  const { cases, leftOut, of } = await prepareFilterCases(filteredWorkloads(config.workloads), {
    ...context,
    seed: config.seed,
    recall: config.target.recall,
    reporter,
    time,
  });
  return {
    shape,
    queries,
    filters: cases,
    prepared: {
      filters: of - leftOut.length,
      omissions: leftOut.map(({ name, cell }) => ({ code: 'filter', data: { name, cell } })),
    },
    hybrids: await prepareHybrids(hybridWorkloads(config.workloads), hybridInputs, { ...context, seed: config.seed }),
  };
}

/**
 * Shape of a run, from its configuration and dataset.
 *
 * @throws {PgvtuneError} `usage` when configuration and dataset do not fit each other
 */
export function shapeOf({ k, metric, measure, workloads }: Config, { manifest }: Dataset): Shape {
  for (const workload of filteredWorkloads(workloads)) checkFilters(workload, manifest.columns);
  checkHybrid(hybridWorkloads(workloads), { manifest });
  if (k > manifest.rows) {
    throw new PgvtuneError('usage', `k is ${k}, but ${manifest.name} has only ${manifest.rows} rows.`, {
      hint: 'Ask for fewer neighbours, or use a larger dataset.',
    });
  }
  const chosen = metric ?? manifest.metric ?? 'cosine';
  const { zeroRows, zeroQueries } = manifest.checks;
  if (chosen === 'cosine' && zeroRows + zeroQueries > 0) {
    throw new PgvtuneError(
      'dataset',
      `${manifest.name} has ${zeroRows} rows and ${zeroQueries} queries that are zero vectors: they have no direction, and no cosine index holds them.`,
      { hint: 'Remove them from the source, or choose another metric.' },
    );
  }
  return {
    rows: manifest.rows,
    dimensions: manifest.dimensions,
    metric: chosen,
    queries: Math.min(measure.queries, manifest.queries),
    beyondHalf: manifest.checks.beyondHalf,
    recallQueries: Math.min(Math.max(measure.queries, measure.recall_queries), manifest.queries),
  };
}

/** The queries a run asks: a random choice in random order, the same for the same seed. */
function askedQueries({ queries }: Dataset, { seed }: Config, most: number): QuerySet {
  const all = Array.from({ length: queries.rows }, (_, query) => query);
  return querySet(queries, createRandom(seed).fork('queries').shuffle(all).slice(0, most));
}

/** What the workloads of a configuration need beside ids and vectors. */
export function contentsOf({ workloads }: Config, { manifest }: Dataset, cases: readonly FilterCase[]): TableContents {
  const names = new Set([
    ...cases.flatMap(({ run }) => columnsOfAsk(run)),
    ...hybridWorkloads(workloads).flatMap(({ filter }) => (filter ? columnsOfAsk({ filter, join: null }) : [])),
  ]);
  const steps = cases.flatMap(({ run: { join } }) => stepsOf(join));
  const joins = new Map(
    steps.map(({ table, key, columns }) => [canonicalJson([table, key, columns]), { table, key, columns }]),
  );
  return {
    columns: manifest.columns.filter(({ name }) => names.has(name)),
    joins: [...joins.values()],
    texts: hybridWorkloads(workloads).flatMap(({ legs, language }) => legs.map((method) => ({ method, language }))),
  };
}
