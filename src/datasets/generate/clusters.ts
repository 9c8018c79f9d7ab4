import type { GenerateSpec } from '../../config/index.js';
import { type RowRandom, STREAM } from './row-random.js';

/** Clusters differ in density: their spreads lie between 2/3 and 3/2 of the one that was asked for. */
const SPREAD_FACTOR = 1.5;

/** The fractional parts of its multiples are spread evenly over [0, 1), whatever the count (Weyl's theorem). */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/** Where the clusters lie in latent space, how wide they are, and which share of the documents they own. */
export interface Clusters {
  /** clusters × latent dimensions; standard normal in each coordinate. */
  readonly centres: Float64Array;
  /** Factor of the spread, by cluster. */
  readonly spreads: Float64Array;
  /** Share of the documents (and so, on average, of the rows), by cluster; Zipf in the cluster's number. */
  readonly shares: Float64Array;
  /**
   * The cluster that owns an address in [0, 1). Each owns an interval as wide as its share; the intervals are in the
   * order of the centres' first coordinate, so that near addresses are near places.
   */
  at(address: number): number;
}

/** Draws the clusters of a dataset. */
export function createClusters(spec: GenerateSpec, random: RowRandom): Clusters {
  const { clusters, intrinsic_dimension: latentDimensions } = spec;
  const centres = new Float64Array(clusters * latentDimensions);
  const spreads = new Float64Array(clusters);
  for (let c = 0; c < clusters; c++) {
    random.seek(STREAM.cluster, c);
    for (let i = 0; i < latentDimensions; i++) centres[c * latentDimensions + i] = random.normal();
    // Not drawn: with Zipf sizes, whether the dataset is hard would depend on the luck of its largest cluster.
    const position = 2 * ((0.5 + c * GOLDEN_RATIO) % 1) - 1;
    const factor = 1 + (SPREAD_FACTOR - 1) * Math.abs(position);
    spreads[c] = position < 0 ? 1 / factor : factor;
  }

  const shares = zipfShares(clusters, spec.cluster_skew);
  const order = [...shares.keys()].sort((a, b) => centres[a * latentDimensions]! - centres[b * latentDimensions]!);
  const ends = intervalEnds(Float64Array.from(order, (cluster) => shares[cluster]!));
  return { centres, spreads, shares, at: (address) => order[intervalOf(ends, address)]! };
}

/** Shares in proportion to 1 / (i + 1)^skew that add up to 1. */
export function zipfShares(count: number, skew: number): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, i) => (i + 1) ** -skew);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Where the intervals of some widths end that lie side by side from 0. */
export function intervalEnds(widths: Float64Array): Float64Array {
  let end = 0;
  return widths.map((width) => (end += width));
}

/** Which of the intervals that end at the ascending `ends` (the last one at 1, up to rounding) holds `address`. */
export function intervalOf(ends: Float64Array, address: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (address < ends[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
