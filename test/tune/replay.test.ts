import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGrid } from '../../benchmarks/grid-file.js';
import { type Outcome, replayGrid } from '../../benchmarks/outcome.js';
import { mean } from '../../benchmarks/replay.js';
import { nearestRank } from '../../src/analysis/index.js';

/** What `tune` comes to on a recorded grid, over its targets. */
function replays(
  name: string,
  targets: readonly number[],
  { method, share }: { readonly method?: string; readonly share?: number } = {},
): readonly Outcome[] {
  const { header, builds } = readGrid(join(import.meta.dirname, '..', '..', 'benchmarks', 'grids', `${name}.jsonl.gz`));
  const grid = { header, builds: builds.filter(({ spec }) => spec.method === (method ?? spec.method)) };
  return targets.flatMap((target) =>
    ['first', 'second'].map((seed) => replayGrid(grid, target, { seed, queries: 1600, share }).get('tune')!),
  );
}

const quantile = (outcomes: readonly Outcome[], p: number): number =>
  nearestRank(
    outcomes.map(({ regret }) => regret ?? Infinity).sort((a, b) => a - b),
    p,
  );

/** What it costs to show a recall with one index, over having it: the price without the regret. */
const premiumOf = ({ price, regret }: Outcome): number => (1 + (price ?? Infinity)) / (1 + (regret ?? 0)) - 1;

/* All grids and targets, twenty times each, and what the search is compared with: benchmarks/README.md. */
describe('tune on a recorded grid', () => {
  it('comes close to the best of 20 indexes for about two builds', () => {
    const outcomes = replays('copies-28', [0.9, 0.98, 0.995]);
    expect(quantile(outcomes, 0.5)).toBeLessThanOrEqual(0.02);
    expect(quantile(outcomes, 0.9)).toBeLessThanOrEqual(0.08);
    expect(mean(outcomes.map(({ builds }) => builds))).toBeLessThanOrEqual(3);
    expect(outcomes.filter(({ violated }) => violated)).toEqual([]);
  });

  it('does so on a grid that it was not set with', () => {
    const outcomes = replays('broad-20', [0.9, 0.98, 0.995]);
    expect(quantile(outcomes, 0.5)).toBeLessThanOrEqual(0.02);
    expect(quantile(outcomes, 0.9)).toBeLessThanOrEqual(0.08);
    expect(mean(outcomes.map(({ builds }) => builds))).toBeLessThanOrEqual(3);
    expect(outcomes.filter(({ violated }) => violated)).toEqual([]);
  });

  it('builds one graph on all rows that is not far from the best, where a subset alone may be compared on', () => {
    const outcomes = replays('broad-20', [0.95, 0.99], { method: 'hnsw', share: 1 / 8 });
    expect(quantile(outcomes, 0.5)).toBeLessThanOrEqual(0.05);
    expect(quantile(outcomes, 0.9)).toBeLessThanOrEqual(0.15);
    expect(mean(outcomes.map(({ builds }) => builds))).toBeLessThanOrEqual(2);
  });

  it('takes lists where a subset shows that they stay ahead of graphs', () => {
    const outcomes = replays('flat-10', [0.9, 0.95], { share: 1 / 8 });
    expect(quantile(outcomes, 0.9)).toBeLessThanOrEqual(0.15);
  });

  it('buys the confidence at a few per cent of the buffers where ten thousand queries are there', () => {
    const grid = readGrid(join(import.meta.dirname, '..', '..', 'benchmarks', 'grids', 'docs-en.jsonl.gz'));
    const graphs = { ...grid, builds: grid.builds.filter(({ spec }) => spec.method === 'hnsw') };
    const premiumsWith = (queries: number): readonly number[] =>
      [0.95, 0.98, 0.99].map((target) => {
        const outcome = replayGrid(graphs, target, { seed: 'trial', queries }).get('tune')!;
        expect(outcome.violated).toBe(false);
        return premiumOf(outcome);
      });
    const few = premiumsWith(1000);
    const many = premiumsWith(10_000);
    for (const [i, premium] of many.entries()) {
      expect(premium).toBeLessThanOrEqual(0.06);
      expect(premium).toBeLessThan(few[i]!);
    }
    // Three of a thousand queries decide at a recall of 0.99: to show it costs far more than to have it.
    expect(few[2]).toBeGreaterThan(0.1);
  });

  it('pays little for the last points of recall on text with a heavy tail', () => {
    const grid = readGrid(join(import.meta.dirname, '..', '..', 'benchmarks', 'grids', 'docs-tail.jsonl.gz'));
    const outcomes = [0.95, 0.98, 0.99].map((target) =>
      ['first', 'second', 'third'].map((seed) => replayGrid(grid, target, { seed, queries: 10_000 }).get('tune')!),
    );
    // Once 9, 26 and 260 % above the cheapest cell whose mean reaches the target, and 83 % at the recall that was bought.
    for (const ofTarget of outcomes) {
      const premiums = ofTarget.map(premiumOf).toSorted((a, b) => a - b);
      expect(premiums[1]).toBeLessThanOrEqual(0.06);
      expect(premiums[2]).toBeLessThanOrEqual(0.12);
      expect(quantile(ofTarget, 0.9)).toBeLessThanOrEqual(0.08);
    }
    // One sample of queries serves all three targets, and misleads at all of them or at none.
    const misled = ['first', 'second', 'third'].filter((_, i) => outcomes.some((ofTarget) => ofTarget[i]!.violated));
    expect(misled.length).toBeLessThanOrEqual(1);
  });

  it('builds another index where two methods compete', () => {
    const outcomes = replays('docs-en', [0.95, 0.99]);
    expect(quantile(outcomes, 0.5)).toBeLessThanOrEqual(0.02);
    expect(mean(outcomes.map(({ builds }) => builds))).toBeLessThanOrEqual(4);
    expect(outcomes.filter(({ violated }) => violated)).toEqual([]);
  });
});
