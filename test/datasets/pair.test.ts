import { describe, expect, it } from 'vitest';
import { type Dataset, idsOf, importDataset, readPair } from '../../src/datasets/index.js';
import { sourceOf, temporaryFolder } from './support.js';

const folder = temporaryFolder();

const store = (name: string, numbers: readonly number[], queries?: readonly number[]): Promise<Dataset> =>
  importDataset(
    folder,
    sourceOf({
      name,
      vectors: numbers.map((value) => [value, 1]),
      ids: numbers.map((value, i) => `${name}-${value}-${i}`),
      ...(queries ? { queries: { vectors: queries.map((value) => [value, 1]) } } : {}),
    }),
  );
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const ROWS = { rows: { base: 100, candidate: 50 } };
const valuesOf = ({ sample }: { sample: { values: Float32Array } }): number[] =>
  [...sample.values].filter((_, i) => i % 2 === 0);

describe('two datasets side by side', () => {
  it('count the rows that the other does not have', async () => {
    const [base, candidate] = [await store('last', range(0, 400), [-1]), await store('now', range(100, 600), [-1])];
    const pair = await readPair(base, candidate, ROWS);
    expect(pair.base.onlyHere).toBe(0.25);
    expect(pair.candidate.onlyHere).toBe(0.4);
  });

  it('give samples that share no vector, have none twice, and are of the rows that they name', async () => {
    const twice = [...range(0, 300), ...range(0, 300)];
    const [base, candidate] = [await store('twice', twice, [-1]), await store('same', range(0, 300), [-1])];
    const pair = await readPair(base, candidate, ROWS);
    const [ofBase, ofCandidate] = [valuesOf(pair.base), valuesOf(pair.candidate)];
    expect(ofCandidate).toHaveLength(50);
    expect(ofBase.length).toBeGreaterThan(60);
    expect(new Set([...ofBase, ...ofCandidate]).size).toBe(ofBase.length + ofCandidate.length);
    expect(pair.base.rows.map((row) => twice[row])).toEqual(ofBase);
    expect(await idsOf(candidate, pair.candidate.rows.slice(0, 3))).toEqual(
      ofCandidate.slice(0, 3).map((value) => `same-${value}-${value}`),
    );
    expect(pair).toMatchObject({ base: { onlyHere: 0 }, candidate: { onlyHere: 0 } });
  });

  it('count queries that were held out of the rows as rows', async () => {
    const base = await store('held', range(0, 200));
    expect(base.manifest).toMatchObject({ rows: 180, queriesHeldOut: true });
    const pair = await readPair(base, await store('whole', range(0, 200), [-1]), ROWS);
    expect(pair.candidate.onlyHere).toBe(0);
  });
});
