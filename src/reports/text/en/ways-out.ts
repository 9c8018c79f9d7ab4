import { describeChoice, describeSpec } from '../../../indexes/index.js';
import type { WayOut } from '../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../units.js';
import type { Catalogue } from '../catalogue.js';
import { plural } from './plural.js';

const UP_TO_ONE = 'its recall rises to 1 as probes grow';

/** What else can be done where nothing meets the target. */
export const waysOut: Catalogue<WayOut> = {
  'more-queries': ({ spec, settings, recall, low, queries }) =>
    `More queries (measure.queries): ${describeChoice({ spec, settings })} has a recall of ${recall.toFixed(4)}, but ${plural(queries, { one: 'query shows', other: 'queries show' })} only that it reaches ${low.toFixed(4)}.`,
  deduplicate: ({ share }) =>
    `Deduplicate: ${formatPercent(share)} of the rows have the same vector as another row. An element of the graph holds ten rows of one vector; where there are more, the copies link to each other and may hide the rows behind them. Index a table with one row for each vector, and join the copies to it.`,
  'higher-setting': ({ knob, highest }) => `A higher ${knob}: the configuration names none above ${highest}.`,
  'denser-graph': ({ spec, recall, isStalled }) =>
    `A denser graph (higher m, ef_construction)${
      recall === null
        ? ''
        : `: ${describeSpec(spec)} reaches a recall of ${recall.toFixed(4)} at most${isStalled ? ', and more candidates hardly raise it' : ''}`
    }.`,
  'iterative-scan': ({ k }) =>
    `An iterative scan (hnsw.iterative_scan = relaxed_order, pgvector 0.8 or later): a subquery may then take more rows from the index than ef_search allows, to be sorted again and cut to ${formatCount(k)}.`,
  ivfflat: () => `IVFFlat, which the configuration leaves out: ${UP_TO_ONE}.`,
  'ivfflat-with-memory': ({ bytes }) =>
    `IVFFlat, with ${formatBytes(bytes)} of maintenance_work_mem (target.build_memory): ${UP_TO_ONE}.`,
  partitions: () =>
    'Partitions by the column that queries filter on, each with its own index: a smaller graph misses fewer rows.',
  'exact-scan': ({ medianMs }) =>
    `The exact scan: it finds every neighbour without an index, at a median of ${formatMs(medianMs)}.`,
  'less-work': () =>
    'Less work for the same recall: fewer dimensions (where the model was trained for it), or a faster machine with the index in memory.',
  'smaller-representation': ({ names }) =>
    `A smaller index: ${names.join(', ')} (representation), which the configuration leaves out.`,
  'less-to-index': () =>
    'A smaller index: fewer rows, such as a partial index or partitions, or a model with fewer dimensions.',
  'quicker-build': () =>
    'A faster build: more max_parallel_maintenance_workers, a lower ef_construction, or maintenance_work_mem that holds the whole graph.',
};
