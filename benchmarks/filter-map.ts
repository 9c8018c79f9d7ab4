/*
 * What the default map of filters asks of a server: indexes built, points, queries. The server is made up (costs
 * as in `costs` below), so that the figures are the same on every machine: they say what the search asks, not how long a server
 * takes to answer. Compared are all cells in one search, and each cell in a search of its own, which shares neither indexes nor
 * the settings that were found with the others.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/filter-map.js
 */
import type { Filter } from '../src/filter.js';
import { querySet } from '../src/query-set.js';
import type { Ask, FilterAnswer, PointRequest } from '../src/results/index.js';
import { type FilteredSpace, tuneFiltered } from '../src/tune/index.js';
import { type FilteredCase, filteredStrategies } from '../src/workloads/index.js';
import { hnsw, ivfflat } from '../test/support/running-bench.js';
import { targetFor } from '../test/support/spaces.js';
import { answer, syntheticBench, type SyntheticServer } from '../test/support/synthetic-bench.js';
import { timedBench } from '../test/support/timed-bench.js';

const ROWS = 30_000;
const QUERIES = 200;
const SELECTIVITIES = [0.5, 0.1, 0.01, 0.001];
const CORRELATIONS = [-0.5, 0, 0.8];

const cases = CORRELATIONS.flatMap((correlation) =>
  SELECTIVITIES.map((selectivity) => caseOf(selectivity, correlation)),
);

function caseOf(selectivity: number, correlation: number): FilteredCase {
  const filter: Filter = { column: 'status', op: '=', value: { draw: { selectivity, correlation } } };
  const count = Math.min(10, Math.round(1 / selectivity));
  // Cells of one selectivity ask for the same values of one column, as drawn values do.
  const filters = Array.from({ length: count }, (_, i): Filter => ({
    column: 'status',
    op: '=',
    value: `${i} of ${selectivity}`,
  }));
  return {
    workload: 0,
    name: null,
    filter,
    join: null,
    cell: { selectivity, correlation },
    question: {
      k: 10,
      metric: 'cosine',
      queries: querySet({ rows: QUERIES, dimensions: 2, values: new Float32Array(2 * QUERIES) }),
      matching: {
        filters,
        ofQuery: Int32Array.from({ length: QUERIES }, (_, query) => query % count),
        matches: filters.map(() => selectivity * ROWS),
        rows: ROWS,
        orphans: 0,
      },
      columns: [{ name: 'status', type: 'text' }],
      join: null,
      pgvector: '0.8.0',
      exactBelowRows: 2000,
    },
    measure: {
      selectivity,
      min: selectivity,
      max: selectivity,
      nearShare: selectivity,
      correlation,
      median: correlation,
      middleHalf: [correlation - 0.1, correlation + 0.1],
      queries: QUERIES,
    },
    shortfalls: [],
  };
}

function cellOf({ workload }: PointRequest): { readonly selectivity: number; readonly correlation: number } {
  const cell = cases.find(({ filter }) => workload.kind === 'filtered' && workload.filter === filter)?.cell;
  if (!cell) throw new TypeError('Expected a filter of the map.');
  return cell;
}

/** Sorting takes a microsecond a row that matches; a scan goes on until k rows match, sooner where they are near. */
const costs: SyntheticServer = {
  figures(spec, _knob, request) {
    const { workload, settings } = request;
    if (workload.kind !== 'filtered') throw new TypeError(workload.kind);
    const { selectivity, correlation } = cellOf(request);
    const near = selectivity + correlation * (correlation > 0 ? 1 - selectivity : selectivity);
    const knob = Number(settings['ef_search'] ?? settings['probes'] ?? 0);
    const slowness = spec.method === 'ivfflat' ? 4 : 1;
    const recall = 1 - 1 / (1 + knob);
    const figures = (): { readonly recall: number; readonly medianMs: number } => {
      switch (workload.strategy) {
        case 'exact-scan':
          return { recall: 1, medianMs: 0.001 * ROWS };
        case 'pre-filter':
          return { recall: 1, medianMs: 0.1 + 0.001 * selectivity * ROWS };
        case 'post-filter':
          return { recall: Math.min(recall, (knob * near) / 10), medianMs: (slowness * knob) / 40 };
        case 'iterative-relaxed':
          return { recall, medianMs: (slowness * Math.max(knob, 10 / near)) / 40 };
        case 'iterative-strict':
          return { recall: 0.9 * recall, medianMs: (slowness * Math.max(knob, 10 / near)) / 40 };
        default:
          return { recall, medianMs: 0.05 + knob / 20 };
      }
    };
    const found = figures();
    return { ...found, buffers: 1000 * found.medianMs };
  },
  buildSeconds: ({ method }, rows = ROWS) => ((method === 'ivfflat' ? 1 : 8.8) * rows) / ROWS,
};

const space = (some: readonly FilteredCase[]): FilteredSpace => ({
  cases: some,
  strategies: filteredStrategies.filter(({ copies }) => copies !== 'columns').map(({ name }) => name),
  seldom: filteredStrategies.filter(({ copies }) => copies === 'table').map(({ name }) => name),
  specs: [hnsw(), ivfflat(170)],
  target: targetFor({ recall: 0.95 }),
  k: 10,
  rows: ROWS,
  samples: QUERIES,
});

interface Work {
  builds: number;
  points: number;
  queries: number;
  seconds: number;
}

function search(some: readonly FilteredCase[], work: Work): readonly FilterAnswer[] {
  const bench = timedBench(syntheticBench(costs).reply);
  const counted = (ask: Ask) => {
    const records = bench.reply(ask);
    for (const record of records) {
      if (record.type === 'build' && record.index !== null) {
        const { placement } = record.request;
        work.builds += placement?.kind === 'partial' ? placement.predicates.length : 1;
      }
      if (record.type === 'point') {
        work.points++;
        work.queries += record.request.queries;
      }
    }
    return records;
  };
  const { filters } = answer(tuneFiltered(space(some)), counted);
  work.seconds += bench.spentSeconds();
  return filters;
}

const nothing = (): Work => ({ builds: 0, points: 0, queries: 0, seconds: 0 });
const bestOf = ({ options, best }: FilterAnswer): string => {
  const option = best === null ? undefined : options[best];
  return option ? `${option.strategy} ${option.spec.method} ${JSON.stringify(option.settings)}` : 'none';
};

const [together, alone] = [nothing(), nothing()];
const shared = search(cases, together).map(bestOf);
const own = cases.flatMap((one) => search([one], alone)).map(bestOf);
const same = shared.filter((best, i) => best === own[i]).length;

process.stdout.write(
  [
    '| way | indexes built | points | queries | seconds on the server that is made up |',
    '| --- | --: | --: | --: | --: |',
    ...Object.entries({ 'all cells in one search': together, 'each cell in its own': alone }).map(
      ([way, { builds, points, queries, seconds }]) =>
        `| ${way} | ${builds} | ${points} | ${queries} | ${Math.round(seconds)} |`,
    ),
    '',
    `The same strategy at the same settings in ${same} of ${cases.length} cells.`,
    '',
  ].join('\n'),
);
