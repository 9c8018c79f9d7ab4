import { chiSquare, energyDistance, holm, kolmogorovSmirnov, median, permutationTest } from '../../analysis/index.js';
import { createRandom } from '../../random.js';
import type { Matrix, Metric } from '../../vocabulary.js';
import type { Answer } from '../answer.js';
import { centresOf, directionsOf, distancesAmong, lengthsOf, nearestOf, pooled, rowsOf } from './geometry.js';

/** Two random samples: no vector is in both, and none twice in one. */
export interface DriftSamples {
  readonly metric: Metric | null;
  /** Both are samples of the very same data: nothing is to be tested. */
  readonly isSameData: boolean;
  readonly base: Matrix;
  readonly candidate: Matrix;
}

/** What is compared. */
export type DriftFigure =
  /** Euclidean lengths of the vectors. */
  | 'length'
  /** Distance to the nearest of some other vectors of the base. */
  | 'nearest'
  /** Shares of the regions, which are groups about centres of the base, as the lists of IVFFlat. */
  | 'regions'
  /** All distances among the vectors. */
  | 'vectors';

export interface DriftComparison {
  readonly figure: DriftFigure;
  /** Medians; null where there is no such figure of one sample. */
  readonly base: number | null;
  readonly candidate: number | null;
  /**
   * How far the samples are apart, 0 to 1, and how far as a median where nothing changed. `length`, `nearest`: largest
   * difference of the distribution functions; `regions`: share of the vectors in another region (half the sum of the
   * differences of shares); `vectors`: energy distance over twice the mean distance between the samples.
   */
  readonly difference: number;
  readonly byChance: number;
  /** Adjusted for the number of figures. */
  readonly p: number;
  readonly hasChanged: boolean;
}

/** Shares of the samples about one centre. */
export interface Region {
  readonly base: number;
  readonly candidate: number;
  /** Position in the candidate's sample of the vector nearest to the centre; null where it has none there. */
  readonly example: number | null;
}

export interface Drift {
  /** Vectors that were compared, and those of the base that they were measured by. */
  readonly compared: { readonly base: number; readonly candidate: number; readonly reference: number };
  readonly figures: readonly DriftComparison[];
  /** Those whose shares differ most first; at most {@link SHOWN_REGIONS}. */
  readonly regions: readonly Region[];
  readonly falseAlarms: number;
  /** `unknown`: nothing is shown, and there are too few vectors to see a change. */
  readonly answer: Answer;
}

/** Probability that a change is said of data that has not changed. */
export const FALSE_ALARMS = 0.01;
/** Vectors of each side that are compared: with 2,000 a change of a tenth of the rows is often missed (`benchmarks/drift.ts`). */
export const MOST_COMPARED = 5000;
/** Other vectors of the base, that those are measured by. */
export const MOST_REFERENCE = 500;
/** Among so many of each side all distances are computed. */
const MOST_PAIRED = 600;
/** Fewer cannot be compared at all. */
const LEAST = 20;

const DRAWS = 999;
const SHOWN_REGIONS = 5;
/** Reference vectors about a centre, on average. */
const ROWS_A_REGION = 30;

/**
 * Compares two random samples of vectors by permutation tests: exact for independent draws of whatever distribution, and
 * held together by Holm's procedure. Distances are Euclidean, under cosine those of directions.
 *
 * What the vectors are measured by (near which others, about which centres) comes from vectors of the base that are not
 * compared: they are as far from those of the base as from those of the candidate where nothing changed.
 */
export function judgeDrift({ metric, isSameData, base, candidate }: DriftSamples): Drift {
  const random = createRandom('drift');
  const place = metric === 'cosine' ? directionsOf : (vectors: Matrix): Matrix => vectors;
  const reference = Math.min(MOST_REFERENCE, Math.floor(base.rows / 3));
  const first = Math.min(MOST_COMPARED, base.rows - reference);
  const second = Math.min(MOST_COMPARED, candidate.rows);
  const compared = { base: first, candidate: second, reference };
  if (isSameData || Math.min(first, second) < LEAST) {
    const answer = isSameData ? 'same' : 'unknown';
    return { compared, figures: [], regions: [], falseAlarms: FALSE_ALARMS, answer };
  }
  const measuredBy = place(rowsOf(base, 0, reference));
  const [ofBase, ofCandidate] = [rowsOf(base, reference, reference + first), rowsOf(candidate, 0, second)];
  const lengths = lengthsOf(pooled(ofBase, ofCandidate));
  const placed = place(pooled(ofBase, ofCandidate));
  const nearest = nearestOf(placed, measuredBy).distances;
  const centres = centresOf(measuredBy, Math.max(2, Math.floor(reference / ROWS_A_REGION)), random);
  const { rows: regions, distances: toCentre } = nearestOf(placed, centres);
  const paired: readonly [number, number] = [Math.min(first, MOST_PAIRED), Math.min(second, MOST_PAIRED)];
  const pairedVectors = place(pooled(rowsOf(ofBase, 0, paired[0]), rowsOf(ofCandidate, 0, paired[1])));
  const distances = distancesAmong(pairedVectors);

  const names: readonly DriftFigure[] = ['length', 'nearest', 'regions', 'vectors'];
  const drawn = { random, draws: DRAWS };
  const tests = [
    permutationTest([first, second], kolmogorovSmirnov(rounded(lengths)), drawn),
    permutationTest([first, second], kolmogorovSmirnov(nearest), drawn),
    permutationTest([first, second], chiSquare(regions), drawn),
    permutationTest(paired, energyDistance(distances, pairedVectors.rows), drawn),
  ];
  const adjusted = holm(tests.map(({ p }) => p));
  const shares = sharesOf(regions, toCentre, first, centres.rows);
  const medians = (values: Float64Array): Pick<DriftComparison, 'base' | 'candidate'> => ({
    base: median(values.subarray(0, first)),
    candidate: median(values.subarray(first)),
  });
  const sides: Partial<Record<DriftFigure, Pick<DriftComparison, 'base' | 'candidate'>>> = {
    length: medians(lengths),
    nearest: medians(nearest),
  };
  const figures = names.map((figure, i): DriftComparison => ({
    figure,
    ...(sides[figure] ?? { base: null, candidate: null }),
    ...(figure === 'regions'
      ? {
          difference: shares.reduce((sum, region) => sum + Math.abs(region.candidate - region.base), 0) / 2,
          byChance: movedByChance(shares, first, second),
        }
      : { difference: tests[i]!.observed, byChance: tests[i]!.byChance }),
    p: adjusted[i]!,
    hasChanged: adjusted[i]! <= FALSE_ALARMS,
  }));
  return {
    compared,
    figures,
    regions: shares
      .toSorted((a, b) => Math.abs(b.candidate - b.base) - Math.abs(a.candidate - a.base))
      .slice(0, SHOWN_REGIONS),
    falseAlarms: FALSE_ALARMS,
    answer: figures.some(({ hasChanged }) => hasChanged)
      ? 'different'
      : Math.min(first, second) < MOST_COMPARED
        ? 'unknown'
        : 'same',
  };
}

/** To six digits: vectors of length 1 differ by what float32 rounds. */
const rounded = (lengths: Float64Array): Float64Array => lengths.map((length) => Number(length.toPrecision(6)));

function sharesOf(regions: Int32Array, distances: Float64Array, first: number, count: number): readonly Region[] {
  const sizes = Array.from({ length: count }, () => ({ base: 0, candidate: 0, example: null as number | null }));
  for (const [i, region] of regions.entries()) {
    const size = sizes[region]!;
    if (i < first) {
      size.base++;
      continue;
    }
    size.candidate++;
    if (size.example === null || distances[i]! < distances[first + size.example]!) size.example = i - first;
  }
  return sizes.map(({ base, candidate, example }) => ({
    base: base / first,
    candidate: candidate / (regions.length - first),
    example,
  }));
}

/** Expected half sum of the differences of shares of two samples of one distribution, by normal theory. */
function movedByChance(shares: readonly Region[], first: number, second: number): number {
  return (
    shares.reduce((sum, { base, candidate }) => {
      const share = (base * first + candidate * second) / (first + second);
      return sum + Math.sqrt((2 / Math.PI) * share * (1 - share) * (1 / first + 1 / second));
    }, 0) / 2
  );
}
