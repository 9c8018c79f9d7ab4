import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointRequest } from '../../../src/results/index.js';
import { explore } from '../../../src/tune/plain/explore.js';
import { settle } from '../../../src/tune/plain/settle.js';
import type { Family } from '../../../src/tune/plain/space.js';
import { searchRecallFor, splitQueries } from '../../../src/tune/plain/split.js';
import type { SearchSettings } from '../../../src/vocabulary.js';
import { shownOf } from '../../support/records.js';
import { spaceFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

/*
 * An index of bits has two knobs, how far it is searched and how many rows are sorted anew, and recall falls with neither.
 */

const LISTS = 200;
const families: readonly Family[] = [
  { spec: { method: 'hnsw', representation: 'bit', parameters: { m: 16, ef_construction: 64 } }, knobValues: null },
  { spec: { method: 'ivfflat', representation: 'bit', parameters: { lists: LISTS } }, knobValues: null },
];

const knobsOf = ({ ef_search, probes, rerank_depth }: SearchSettings): readonly [number, number] => [
  Number(ef_search ?? probes),
  Number(rerank_depth),
];

const isAtMost = (a: SearchSettings, b: SearchSettings): boolean =>
  knobsOf(a).every((value, i) => value <= knobsOf(b)[i]!);

/** Settings in the order in which they were first asked. */
const distinct = (points: readonly PointRequest[]): readonly SearchSettings[] => [
  ...new Map(points.map(({ settings }) => [JSON.stringify(settings), settings])).values(),
];

/** Recall by the logarithms of both knobs: logistic, up to what bits can tell. */
const curves = fc.record({
  from: fc.double({ min: -6, max: 2, noNaN: true }),
  bySearch: fc.double({ min: 0, max: 1, noNaN: true }),
  byDepth: fc.double({ min: 0, max: 1, noNaN: true }),
  most: fc.double({ min: 0.85, max: 1, noNaN: true }),
});

describe('two knobs', () => {
  it('are never measured where what was measured tells already', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...families),
        curves,
        fc.constantFrom(0.8, 0.9, 0.95, 0.98),
        fc.integer({ min: 1, max: 1000 }),
        (family, { from, bySearch, byDepth, most }, target, first) => {
          const recall = (settings: SearchSettings): number => {
            const [search, depth] = knobsOf(settings).map(Math.log2) as [number, number];
            return Math.min(most, 1 / (1 + Math.exp(-(from + bySearch * search + byDepth * depth))));
          };
          const server: SyntheticServer = {
            figures: (_, __, request) => ({ recall: recall(request.settings), medianMs: 1, buffers: 100 }),
          };
          const space = spaceFor({ families, rows: 30_000, dimensions: 384, queries: 600 }, { recall: target });
          const split = splitQueries(space.queries);
          const searchRecall = searchRecallFor(space.target, split.validation.count);
          const bench = syntheticBench(server);
          const { explored, settled } = answer(
            (function* () {
              const explored = yield* explore(space, { family, searchRecall, first, queries: split.search });
              return { explored, settled: yield* settle(space, { explored, searchRecall, split }) };
            })(),
            bench.reply,
          );

          const asked = requestsOf(bench.asked, 'point');
          const fresh = asked.filter(({ queries }) => queries === split.validation.count);
          const seen = new Map(explored.observations.map((one) => [JSON.stringify(one.settings), one.recall]));
          const inSearch = (settings: SearchSettings): boolean =>
            (seen.get(JSON.stringify(settings)) ?? 0) >= searchRecall;
          const isShown = (settings: SearchSettings): boolean =>
            shownOf(recall(settings), split.validation.count) >= target;
          for (const [points, reaches] of [
            [asked.filter((point) => !fresh.includes(point)), inSearch],
            [fresh, isShown],
          ] as const) {
            const settings = distinct(points);
            for (const [i, one] of settings.entries()) {
              for (const earlier of settings.slice(0, i)) {
                const tells = reaches(earlier) ? isAtMost(earlier, one) : isAtMost(one, earlier);
                expect(tells, `${JSON.stringify(one)} after ${JSON.stringify(earlier)}`).toBe(false);
              }
            }
          }
          // Each was asked once, and what is taken is the least in both knobs of all that is shown to do.
          expect(distinct(fresh)).toHaveLength(fresh.length);
          const taken = settled.point?.request.settings;
          for (const { settings } of fresh)
            if (taken && isShown(settings)) expect(isAtMost(taken, settings)).toBe(true);
          if (taken) expect(isShown(taken)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
