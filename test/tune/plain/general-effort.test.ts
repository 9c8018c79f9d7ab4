import { describe, expect, it } from 'vitest';
import type { Explored } from '../../../src/tune/plain/explore.js';
import { besideExplored, unscreened, withGeneralEffort } from '../../../src/tune/plain/general-effort.js';
import { type Family, candidatesOf, type Space } from '../../../src/tune/plain/space.js';
import type { Split } from '../../../src/tune/plain/split.js';
import type { Screened } from '../../../src/tune/plain/subset.js';
import type { IndexSpec, Representation } from '../../../src/vocabulary.js';
import { buildRecord } from '../../support/records.js';
import { spaceFor } from '../../support/spaces.js';

const family = (m: number, representation: Representation = 'vector'): Family => {
  const spec: IndexSpec = { method: 'hnsw', representation, parameters: { m, ef_construction: 8 * m } };
  return { spec, knobValues: null };
};
const CONTROL: Family = {
  spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } },
  knobValues: null,
};
const explored = (of: Family, values: readonly (readonly [number, number])[] = []): Explored => ({
  family: of,
  build: buildRecord({ request: { spec: of.spec } }),
  candidates: candidatesOf(of, 10),
  reached: null,
  givenUp: null,
  observations: values.map(([value, recall]) => ({
    settings: { ef_search: value },
    value,
    recall,
    queries: 1000,
    buffers: 10 * value,
    medianMs: 1,
    points: [],
  })),
  lost: [],
  served: [],
});
const screened = (of: Family, ratio: number): Screened => ({ family: of, explored: explored(of), ratio });
const space = (target: Partial<Space['target']> = {}): Space =>
  spaceFor(
    { families: [CONTROL, family(24), family(32), family(24, 'halfvec')], rows: 30_000, dimensions: 64 },
    target,
  );
/** Deep: the default graph needs 80 candidates. */
const control = explored(CONTROL, [
  [40, 0.98],
  [80, 0.99],
  [160, 0.995],
]);
const split: Split = { search: { from: 0, count: 1000 }, validation: { from: 0, count: 1000 } };
const beside = besideExplored(control, 0.99);
const screening = (recall: number, ...of: readonly Screened[]) => ({
  rows: 3750,
  recall,
  screened: [screened(CONTROL, 1), ...of],
});

describe('what is expected of graphs', () => {
  it('lies between what a subset shows and what holds for all data, nearer to it the more hits are missing', () => {
    const [, guess] = unscreened(space(), [screened(CONTROL, 1)], beside).map(({ ratio }) => ratio);
    const expectedAt = (recall: number): number =>
      withGeneralEffort(space(), screening(recall, screened(family(32), 1.2)), { ...beside, split }).screened[1]!.ratio;
    const sure = expectedAt(0.9);
    const unsure = expectedAt(0.998);
    expect(guess).toBeLessThan(1);
    expect(sure).toBeLessThan(1.2);
    expect(unsure).toBeLessThan(sure);
    expect(unsure).toBeGreaterThan(guess!);
    expect(withGeneralEffort(space(), screening(0.99), { ...beside, split }).screened[0]!.ratio).toBe(1);
  });

  it('keeps what a subset shows of another precision', () => {
    const { screened: all } = withGeneralEffort(
      space(),
      screening(0.99, screened(family(24), 0.9), screened(family(24, 'halfvec'), 1.08)),
      { ...beside, split },
    );
    expect(all[2]!.ratio / all[1]!.ratio).toBeCloseTo(1.2, 10);
  });

  it('is known of graphs that were not built on the subset, in the precision of all others', () => {
    const guessed = unscreened(space(), [screened(CONTROL, 1), screened(family(24), 0.9)], beside);
    expect(guessed.map((one) => one.family)).toEqual([family(32)]);
  });

  it('is what the subset shows where the goal is not the work of a query', () => {
    const seen = screening(0.99, screened(family(32), 1.2));
    for (const minimise of ['index_bytes', 'build_seconds'] as const) {
      expect(withGeneralEffort(space({ minimise }), seen, { ...beside, split })).toEqual(seen);
      expect(unscreened(space({ minimise }), seen.screened, beside)).toEqual([]);
    }
  });
});
