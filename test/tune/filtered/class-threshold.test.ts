import { describe, expect, it } from 'vitest';
import { encodeFloat32 } from '../../../src/analysis/index.js';
import type { Filter } from '../../../src/filter.js';
import { querySet } from '../../../src/query-set.js';
import { tuneFiltered } from '../../../src/tune/index.js';
import { classThreshold } from '../../../src/tune/filtered/class-threshold.js';
import type { FilteredCase } from '../../../src/workloads/index.js';
import { measured } from '../../support/records.js';
import { hnsw } from '../../support/running-bench.js';
import { targetFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench } from '../../support/synthetic-bench.js';

/** Rows of the classes, none of which has 2,000. */
const CLASSES = [1775, 900, 400, 60, 20];
const QUERIES = 50;
const classOf = (query: number): number => query % CLASSES.length;

const asked: FilteredCase = {
  workload: 0,
  name: 'mine',
  filter: { column: 'tenant', op: '=', value: { draw: 'own' } },
  join: null,
  cell: null,
  question: {
    k: 10,
    metric: 'cosine',
    queries: querySet({ rows: QUERIES, dimensions: 2, values: new Float32Array(2 * QUERIES) }),
    matching: {
      filters: CLASSES.map((rows): Filter => ({ column: 'tenant', op: '=', value: `of ${rows}` })),
      ofQuery: Int32Array.from({ length: QUERIES }, (_, query) => classOf(query)),
      matches: CLASSES,
      rows: 30_000,
      orphans: 0,
    },
    columns: [{ name: 'tenant', type: 'text' }],
    join: null,
    pgvector: '0.8.0',
    exactBelowRows: 2000,
  },
  measure: {
    selectivity: 0.02,
    min: 0.001,
    max: 0.06,
    nearShare: 0.02,
    correlation: 0,
    median: 0,
    middleHalf: [-0.1, 0.1],
    queries: QUERIES,
  },
  shortfalls: [],
};

/** A point whose queries take these times, looked at twice; the second look is disturbed. */
function timed(ms: (query: number) => number) {
  const figures = measured({ queries: QUERIES });
  const once = Array.from({ length: QUERIES }, (_, query) => ms(query));
  const latencyMs = encodeFloat32(Float32Array.from([...once, ...once.map((time) => 3 * time)]));
  return {
    ...figures,
    latencyMs: { ...figures.latencyMs, n: 2 * QUERIES, queries: QUERIES },
    samples: { ...figures.samples, latencyMs },
  };
}

const rowsOf = (query: number): number => CLASSES[classOf(query)]!;
/** A microsecond a row. */
const sorting = timed((query) => 0.05 + rowsOf(query) / 1000);

describe('the rows from which a class has an index', () => {
  it('are those of the smallest class whose scan is quicker than sorting it', () => {
    const at = (ms: number) => classThreshold(asked, { sorted: sorting, scanned: timed(() => ms) });
    expect(at(0.7)).toBe(900);
    expect(at(0.3)).toBe(400);
    expect(at(0.01)).toBe(20);
    expect(at(5)).toBe(1776);
  });

  it('are not moved by a query that was disturbed', () => {
    const scanned = timed((query) => (query === 0 ? 40 : 0.7));
    expect(classThreshold(asked, { sorted: sorting, scanned })).toBe(900);
  });

  it('are not looked for among classes of like size', () => {
    const { question } = asked;
    const alike = {
      ...asked,
      question: { ...question, matching: { ...question.matching, matches: [90, 95, 100, 105, 110] } },
    };
    const scanned = timed((query) => (query % 3 === 0 ? 0.01 : 1));
    expect(classThreshold(alike, { sorted: timed(() => 0.1), scanned })).toBeNull();
  });

  it('are measured in the run: partial indexes where no class has the usual number of rows', () => {
    const bench = syntheticBench({ figures: () => ({ recall: 1, medianMs: 1 }) });
    const times: Readonly<Record<string, ReturnType<typeof timed>>> = {
      'pre-filter': sorting,
      'partial-index': timed(() => 0.3),
    };
    const found = answer(
      tuneFiltered({
        cases: [asked],
        strategies: ['pre-filter', 'partial-index', 'by-class-size'],
        seldom: [],
        specs: [hnsw()],
        target: targetFor({ recall: 0.9 }),
        k: 10,
        rows: 30_000,
        samples: QUERIES,
      }),
      (ask) => {
        const reply = bench.reply(ask);
        if (ask.kind !== 'point') return reply;
        return reply.map((record) => {
          if (record.type !== 'point' || record.request.workload.kind !== 'filtered') return record;
          const own = times[record.request.workload.strategy];
          return own ? { ...record, measured: own } : record;
        });
      },
    );
    const option = found.filters[0]!.options.find(({ strategy }) => strategy === 'by-class-size')!;
    expect(option.outcome).toBe('reaches');
    const thresholds = requestsOf(bench.asked, 'point').flatMap(({ workload }) =>
      workload.kind === 'filtered' ? (workload.exactBelowRows ?? []) : [],
    );
    expect(new Set(thresholds)).toEqual(new Set([400]));
    const predicates = requestsOf(bench.asked, 'build').flatMap(({ placement }) =>
      placement?.kind === 'partial' ? [placement.predicates.length] : [],
    );
    // One for each class, and then one for each class of 400 rows or more.
    expect(predicates).toEqual([5, 3]);
  });
});
