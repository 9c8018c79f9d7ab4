import { expect } from 'vitest';
import type { Measured } from '../../src/results/index.js';
import {
  agreementOf,
  type Answer,
  ascending,
  descending,
  distanceOf,
  farOf,
  gainOf,
  mean,
  overlapByRank,
  type Placed,
} from './arithmetic.js';
import type { World } from './world.js';

/*
 * What the program says of some answers against what the oracle says of them.
 */

/** Single-precision sums of the server, and the order of summation. */
const CLOSE = 1e-5;
export const TIE = 1e-6;

/** What the program made of the answers; the counts are of each query. */
export interface Figures extends Pick<Measured, 'completeness'> {
  readonly recall: Pick<Measured['recall'], 'mean' | 'strictMean' | 'min' | 'excluded' | 'distanceRatio'>;
  readonly hits: readonly number[];
  readonly expected: readonly number[];
  readonly returned: readonly number[];
}

/** Of a record of a point. */
export const figuresOf = ({ recall, completeness, samples }: Measured): Figures => ({
  recall,
  completeness,
  hits: decoded(samples.hits),
  expected: decoded(samples.expected),
  returned: decoded(samples.returned),
});

/** As records hold counts: 16 bits each, little-endian, in base64. */
function decoded(samples: string): readonly number[] {
  const bytes = Buffer.from(samples, 'base64');
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(2 * i));
}

/** Nearest rows among those that are there, best first. */
export const nearestOf = (
  { metric, rows }: Pick<World, 'metric' | 'rows'>,
  vector: readonly number[],
  isThere: (id: number) => boolean,
): readonly Placed[] =>
  ascending(rows.flatMap((row, id) => (isThere(id) ? [{ id, value: distanceOf(metric, vector, row.vector) }] : [])));

/** @param got ids that came for each query */
export function compareNearest(
  world: Pick<World, 'metric' | 'rows' | 'queries' | 'k'>,
  figures: Figures,
  { got, isThere }: { readonly got: readonly (readonly number[])[]; readonly isThere: (id: number) => boolean },
): void {
  const { metric, rows, queries, k } = world;
  const ratios: (number | null)[] = [];
  const answers = queries.map(({ vector }, query): Answer => {
    const far = (id: number): number => distanceOf(metric, vector, rows[id]!.vector);
    const right = nearestOf(world, vector, isThere).slice(0, k);
    const limit = (right.at(-1)?.value ?? -Infinity) + TIE;
    const came = [...new Set(got[query])];
    ratios.push(
      farOf(
        came.filter(isThere).map(far),
        right.map(({ value }) => value),
        metric,
      ),
    );
    return { got: came, right: right.map(({ id }) => id), asGood: (id) => isThere(id) && far(id) <= limit };
  });
  compareFigures(figures, answers);
  const known = ratios.filter((ratio) => ratio !== null);
  if (known.length === 0) expect(figures.recall.distanceRatio).toBeNull();
  else expect(figures.recall.distanceRatio).toBeCloseTo(mean(known), 5);
}

function compareFigures({ recall, completeness, hits, expected, returned }: Figures, answers: readonly Answer[]): void {
  const oracle = agreementOf(answers);
  expect(hits).toEqual(oracle.hits);
  expect(expected).toEqual(answers.map(({ right }) => right.length));
  expect(returned).toEqual(answers.map(({ got }) => got.length));
  expect(recall.mean.value).toBeCloseTo(oracle.recall, 9);
  expect(recall.strictMean).toBeCloseTo(oracle.strict, 9);
  expect(recall.min).toBeCloseTo(oracle.least, 9);
  expect(recall.excluded).toBe(oracle.excluded);
  expect(completeness.mean).toBeCloseTo(oracle.completeness, 9);
  expect(completeness.shortQueries).toBe(oracle.short);
  // Whatever the interval is, it holds what it is about.
  expect(recall.mean.low).toBeLessThanOrEqual(oracle.recall + CLOSE);
  expect(recall.mean.high).toBeGreaterThanOrEqual(oracle.recall - CLOSE);
}

interface OracleLegs {
  readonly world: Pick<World, 'fusion'>;
  /** Best first. */
  readonly vector: readonly Placed[];
  readonly text: readonly Placed[];
  /** Distances of all rows, negative. */
  readonly all: readonly Placed[];
}

const valueIn = (leg: readonly Placed[], id: number): number | undefined =>
  leg.find((placed) => placed.id === id)?.value;

const candidates = ({ vector, text: texts }: OracleLegs, depth: number): readonly number[] => [
  ...new Set([...vector.slice(0, depth), ...texts.slice(0, depth)].map(({ id }) => id)),
];

/** By hand, what each statement says: all its rows with their scores. */
const FUSIONS: Readonly<Record<string, (legs: OracleLegs) => readonly Placed[]>> = {
  'vector-only': ({ vector }) => vector,
  'text-only': ({ text: texts }) => texts,
  'match-then-sort': ({ all, text: texts }) => all.filter(({ id }) => valueIn(texts, id) !== undefined),
  'mixed-order': ({ all, text: texts, world: { fusion } }) =>
    all.map(({ id, value }) => ({
      id,
      value: -(fusion.weight * -value + (1 - fusion.weight) * (1 - (valueIn(texts, id) ?? 0))),
    })),
  rrf: (legs) => {
    const { weight, constant, depth } = legs.world.fusion;
    const part = (leg: readonly Placed[], id: number): number => {
      const rank = leg.slice(0, depth).findIndex((placed) => placed.id === id);
      return rank < 0 ? 0 : 1 / (constant + rank + 1);
    };
    return candidates(legs, depth).map((id) => ({
      id,
      value: weight * part(legs.vector, id) + (1 - weight) * part(legs.text, id),
    }));
  },
  'normalised-sum': (legs) => {
    const { weight, depth } = legs.world.fusion;
    const part = (leg: readonly Placed[], id: number): number => {
      const own = leg.slice(0, depth);
      const values = own.map(({ value }) => value);
      const [least, most] = [Math.min(...values), Math.max(...values)];
      const value = valueIn(own, id);
      return value === undefined ? 0 : most === least ? 1 : (value - least) / (most - least);
    };
    return candidates(legs, depth).map((id) => ({
      id,
      value: weight * part(legs.vector, id) + (1 - weight) * part(legs.text, id),
    }));
  },
  'weighted-sum': (legs) => {
    const { weight, depth } = legs.world.fusion;
    return candidates(legs, depth).map((id) => ({
      id,
      value: -(weight * -valueIn(legs.all, id)! + (1 - weight) * (1 - (valueIn(legs.text, id) ?? 0))),
    }));
  },
};

export const STRATEGIES = Object.keys(FUSIONS);

/** What a strategy makes of the vector leg of one query, best first. */
export type Fuse = (leg: readonly Placed[]) => readonly Placed[];

/** @param texts all rows whose text matches the query, with their ranks, in any order */
export function fusionOf(
  world: Pick<World, 'metric' | 'rows' | 'queries' | 'fusion'>,
  strategy: string,
  { query, texts }: { readonly query: number; readonly texts: readonly Placed[] },
): { readonly fuse: Fuse; readonly all: readonly Placed[] } {
  const { vector } = world.queries[query]!;
  const all = descending(world.rows.map((row, id) => ({ id, value: -distanceOf(world.metric, vector, row.vector) })));
  const text = descending(texts);
  return { all, fuse: (leg) => descending(FUSIONS[strategy]!({ world, vector: descending(leg), text, all })) };
}

/**
 * @param texts all rows whose text matches each query, with their ranks, in any order
 * @param got ids that came for each query, best first
 */
export function compareHybrid(
  world: Pick<World, 'metric' | 'rows' | 'queries' | 'k' | 'fusion'>,
  { ranking, ...figures }: Figures & Pick<Measured, 'ranking'>,
  {
    strategy,
    texts,
    got,
  }: {
    readonly strategy: string;
    readonly texts: readonly (readonly Placed[])[];
    readonly got: readonly (readonly number[])[];
  },
): void {
  const { queries, k } = world;
  const gains: number[] = [];
  const overlaps: number[] = [];
  const answers = queries.map(({ grades }, query): Answer => {
    const { fuse, all } = fusionOf(world, strategy, { query, texts: texts[query]! });
    const should = fuse(all);
    const best = should.slice(0, k);
    const came = got[query]!;
    const last = best.at(-1)?.value ?? Infinity;
    const gain = gainOf(came, grades, k);
    if (gain !== null) gains.push(gain);
    const right = best.map(({ id }) => id);
    overlaps.push(overlapByRank(came, right));
    return {
      got: came,
      right,
      asGood: (id) => (should.find((row) => row.id === id)?.value ?? -Infinity) >= last - TIE * Math.abs(last),
    };
  });
  compareFigures(figures, answers);
  expect(ranking!.rbo.value).toBeCloseTo(mean(overlaps), 6);
  if (gains.length === 0) expect(ranking!.judged).toBeNull();
  else expect(ranking!.judged!.ndcg.value).toBeCloseTo(mean(gains), 6);
}
