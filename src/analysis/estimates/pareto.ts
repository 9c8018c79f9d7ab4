/** Figures of one candidate by which it is judged; candidates that are compared have the same objectives. */
export interface Objectives {
  /** More is better. */
  readonly max: readonly number[];
  /** Less is better. */
  readonly min: readonly number[];
}

/** The candidates that no other beats: none is at least as good in every objective and better in one. In order given. */
export function paretoFront<T>(candidates: readonly T[], objectivesOf: (candidate: T) => Objectives): readonly T[] {
  const figures = candidates.map((candidate) => objectivesOf(candidate));
  return candidates.filter((_, i) => !figures.some((other) => dominates(other, figures[i]!)));
}

/**
 * A few candidates that represent all: each one left out is worse than one kept, or better by no more than the
 * tolerance, in every objective. Of candidates within tolerance of each other the one given first is kept.
 *
 * Laumanns et al., Combining convergence and diversity in evolutionary multiobjective optimization, Evolutionary
 * Computation 10, 2002 (additive ε; give logarithms for a relative one).
 */
export function epsilonFront<T>(
  candidates: readonly T[],
  objectivesOf: (candidate: T) => Objectives,
  tolerance: Objectives,
): readonly T[] {
  const kept: { readonly candidate: T; readonly figures: Objectives }[] = [];
  for (const candidate of paretoFront(candidates, objectivesOf)) {
    const figures = objectivesOf(candidate);
    const covered = kept.some((other) => gains(figures, other.figures).every((gain, i) => gain <= flat(tolerance)[i]!));
    if (!covered) kept.push({ candidate, figures });
  }
  return kept.map(({ candidate }) => candidate);
}

function dominates(a: Objectives, b: Objectives): boolean {
  const better = gains(a, b);
  return better.every((gain) => gain >= 0) && better.some((gain) => gain > 0);
}

/** By how much `a` is better than `b`, objective by objective; equal infinities are equal. */
function gains(a: Objectives, b: Objectives): readonly number[] {
  const gain = (better: number, worse: number): number => (better === worse ? 0 : better - worse);
  return [...a.max.map((value, i) => gain(value, b.max[i]!)), ...a.min.map((value, i) => gain(b.min[i]!, value))];
}

const flat = ({ max, min }: Objectives): readonly number[] => [...max, ...min];
