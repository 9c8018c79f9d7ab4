import type { DatasetManifest, VectorChecks } from '../store/manifest.js';
import type { Geometry } from './geometry.js';

/** What follows from how the vectors are, for those who index and query them. */
export type DatasetRemark =
  /** Under the inner product longer vectors are nearer to everything. */
  | { readonly code: 'lengths-vary-under-ip'; readonly data: { readonly min: number; readonly max: number } }
  /** Cosine distance of vectors of length 1 orders as the inner product does, which is cheaper to compute. */
  | { readonly code: 'length-one-under-cosine' }
  /** PostgreSQL keeps values of more than about 2 kB apart from their rows. */
  | { readonly code: 'toasted'; readonly data: { readonly bytes: number } }
  | { readonly code: 'many-duplicates'; readonly data: { readonly share: number } }
  /** `halfvec` cannot hold a number. */
  | { readonly code: 'beyond-half'; readonly data: NonNullable<VectorChecks['beyondHalf']> }
  /** The loneliest hundredth is so many times farther from its nearest row than the median is. */
  | { readonly code: 'outliers'; readonly data: { readonly times: number } };

interface Described {
  readonly manifest: DatasetManifest;
  readonly norms: { readonly min: number; readonly mean: number; readonly max: number };
  readonly geometry: Geometry;
}

/** Lengths that differ by no more than float32's rounding of normalised vectors. */
const SAME_LENGTH = 1e-3;
/** `TOAST_TUPLE_THRESHOLD` of PostgreSQL with pages of 8 kB. */
const TOAST_BYTES = 2032;
const MANY_DUPLICATES = 0.01;
const FAR_TIMES = 3;

export function remarksOn({ manifest, norms, geometry }: Described): DatasetRemark[] {
  const { metric, dimensions, checks, rows } = manifest;
  const { min, mean, max } = norms;
  const haveOneLength = max - min <= SAME_LENGTH * mean;
  const bytes = 8 + 4 * dimensions;
  const duplicates = checks.duplicateRows / rows;
  const [median = 0, lonely = 0] = [geometry.nearest[50], geometry.nearest[99]];
  const times = median > 0 ? lonely / median : 1;
  return [
    ...(metric === 'ip' && !haveOneLength ? [{ code: 'lengths-vary-under-ip', data: { min, max } } as const] : []),
    ...(metric === 'cosine' && haveOneLength && Math.abs(mean - 1) <= SAME_LENGTH
      ? [{ code: 'length-one-under-cosine' } as const]
      : []),
    ...(bytes > TOAST_BYTES ? [{ code: 'toasted', data: { bytes } } as const] : []),
    ...(duplicates > MANY_DUPLICATES ? [{ code: 'many-duplicates', data: { share: duplicates } } as const] : []),
    ...(checks.beyondHalf ? [{ code: 'beyond-half', data: checks.beyondHalf } as const] : []),
    ...(times > FAR_TIMES ? [{ code: 'outliers', data: { times } } as const] : []),
  ];
}
