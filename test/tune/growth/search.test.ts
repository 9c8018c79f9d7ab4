import { describe, expect, it } from 'vitest';
import type { Ask, Reply } from '../../../src/results/index.js';
import { growth, type Space } from '../../../src/tune/index.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { tableScanned } from '../../support/records.js';
import { spaceFor } from '../../support/spaces.js';
import { answer, requestsOf, type SyntheticServer, syntheticBench } from '../../support/synthetic-bench.js';

const ROWS = 32_000;
const hnsw: IndexSpec = { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } };
const ivfflat: IndexSpec = { method: 'ivfflat', representation: 'vector', parameters: { lists: 200 } };

/** The value that reaches a recall of 0.95 over so many rows. */
const needed = (rows: number): number => 60 * (rows / ROWS) ** 0.3;

/** Runs the search against a server on which recall depends on the knob over what the rows need. */
function run(spec: IndexSpec, more: Partial<SyntheticServer> = {}, change: Partial<Space> = {}) {
  let rows = ROWS;
  const bench = syntheticBench({
    figures: (_, knob) => ({ recall: 1 - 0.05 * (needed(rows) / knob), medianMs: knob / 100, buffers: 20 * knob }),
    ...more,
  });
  const reply = (ask: Ask): Reply => {
    if (ask.kind === 'build') rows = ask.requests[0]!.rows ?? ROWS;
    return bench.reply(ask);
  };
  const space = spaceFor({ families: [], rows: ROWS, dimensions: 96, ...change });
  return { result: answer(growth(space, spec), reply), bench };
}

describe('the growth of an index', () => {
  it('is measured on nested subsets up to all rows, each at what reaches the recall there', () => {
    const { result, bench } = run(hnsw);
    expect(requestsOf(bench.asked, 'build').map(({ rows, spec }) => [rows, spec.parameters])).toEqual(
      [2000, 4000, 8000, 16_000, undefined].map((rows) => [rows, hnsw.parameters]),
    );
    expect(result.sizes.map(({ rows }) => rows)).toEqual([2000, 4000, 8000, 16_000, ROWS]);
    for (const { rows, knob, point } of result.sizes) {
      expect(knob! / needed(rows)).toBeGreaterThan(0.93);
      expect(knob! / needed(rows)).toBeLessThan(1.1);
      const asked = requestsOf(bench.asked, 'point').filter(({ purpose }) => purpose === 'confirm');
      expect(asked.map(({ settings }) => settings)).toContainEqual({ ef_search: Math.round(knob!) });
      expect(point).not.toBeNull();
    }
    expect(bench.count('release')).toBe(5);
    expect(result.cold).toBeNull();
  });

  it('has lists that fit the rows, and no size too small to be like a table', () => {
    const { bench } = run(ivfflat, {}, { rows: 6400 });
    expect(requestsOf(bench.asked, 'build').map(({ rows, spec }) => [rows, spec.parameters['lists']])).toEqual([
      [1600, 100],
      [3200, 141],
      [undefined, 200],
    ]);
  });

  it('keeps a size without figures where the recall is out of reach, the point is void, or the build fails', () => {
    const low = run(hnsw, { figures: () => ({ recall: 0.5, medianMs: 1 }) }).result;
    expect(low.sizes.every(({ knob, point }) => knob === null && point === null)).toBe(true);
    const lost = run(hnsw, { figures: () => ({ recall: 0, medianMs: 1, voidBecause: tableScanned }) }).result;
    expect(lost.sizes.every(({ point }) => point === null)).toBe(true);
    const failed = run(hnsw, { buildFails: () => tableScanned }).result;
    expect(failed.sizes).toHaveLength(5);
    expect(failed.sizes.every(({ knob }) => knob === null)).toBe(true);
  });

  it('looks at cold caches where they can be emptied, and at load where there is a plan, on all rows only', () => {
    const loads = {
      concurrency: [1, 2],
      connections: 2,
      seconds: 1,
      arrivals: 'poisson',
      ratePerSecond: null,
      objective: null,
    } as const;
    const { result, bench } = run(hnsw, {}, { coldBytes: Infinity, loads });
    expect(result.cold).not.toBeNull();
    expect(requestsOf(bench.asked, 'point').filter(({ cache }) => cache === 'cold')).toHaveLength(1);
    const last = result.sizes.at(-1)!;
    expect(requestsOf(bench.asked, 'throughput').map(({ build, mode }) => [build, mode.kind])).toEqual([
      [last.build, 'closed'],
      [last.build, 'closed'],
    ]);
  });
});
