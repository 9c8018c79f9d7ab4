import { expect, it } from 'vitest';
import { nearestOfGroups, pageOf, within } from '../../src/exact/index.js';
import { createRandom } from '../../src/random.js';
import { collectTruth } from '../../src/exact/collect-truth.js';

const ROWS = 60;
const random = createRandom('returned');
const distances = Array.from({ length: 8 }, () => Array.from({ length: ROWS }, () => random.next()));
const groupOf = Int32Array.from({ length: ROWS }, () => random.int(12));

/** All rows of each query, nearest first. */
const ranked = distances.map((own) => [...own.keys()].toSorted((a, b) => own[a]! - own[b]!));
const truthOf = (k: number) =>
  collectTruth(
    { metric: 'l2', k, queries: distances.length },
    ranked.map((rows, query) => ({
      query,
      rows: Int32Array.from(rows.slice(0, k)),
      distances: Float64Array.from(rows.slice(0, k), (row) => distances[query]![row]!),
      tiesBeyondK: 0,
    })),
  );
const rowsOf = ({ rows, k, expected }: ReturnType<typeof truthOf>): number[][] =>
  Array.from(expected, (count, query) => [...rows.subarray(query * k, query * k + count)]);

it('keeps the rows that are nearer than a threshold', () => {
  const wanted = ranked.map((rows, query) => rows.filter((row) => distances[query]![row]! < 0.1).slice(0, 10));
  expect(rowsOf(within(truthOf(10), 0.1))).toEqual(wanted);
});

it('keeps the nearest row of each of the nearest groups, and says how many rows hold them', () => {
  const k = 5;
  const wanted = ranked.map((rows) =>
    rows.filter((row, i) => rows.findIndex((r) => groupOf[r] === groupOf[row]) === i).slice(0, k),
  );
  const found = nearestOfGroups(truthOf(ROWS), { k, groupOf, rows: ranked.map(() => ROWS) })!;
  expect(rowsOf(found.truth)).toEqual(wanted);
  expect(found.depths).toEqual(wanted.map((rows, query) => ranked[query]!.indexOf(rows.at(-1)!) + 1));
});

it('asks for more rows where these hold too few groups, unless there are no more', () => {
  const all = ranked.map(() => ROWS);
  expect(nearestOfGroups(truthOf(5), { k: 5, groupOf, rows: all })).toBeNull();
  expect(nearestOfGroups(truthOf(ROWS), { k: 13, groupOf, rows: all })!.truth.expected).toEqual(
    Int32Array.from(distances, () => new Set(groupOf).size),
  );
});

it('keeps the rows of one page', () => {
  expect(rowsOf(pageOf(truthOf(20), 3, 7))).toEqual(ranked.map((rows) => rows.slice(14, 20)));
});
