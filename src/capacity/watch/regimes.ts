/** Work done by a time. */
export interface WorkPoint {
  readonly atMs: number;
  /** Share of the phase's work, 0 … 1. */
  readonly work: number;
}

/** Points that a stretch must have: a slope and its spread. */
const FEWEST_POINTS = 5;
/** A change of pace is believed where it is at least this large, for a busy server's pace varies too. */
const LEAST_RATIO = 1.5;

/**
 * Where the pace changed: the first points of the second and later stretches of even pace, in the order of time.
 *
 * Splits at the point that leaves the least squares about two lines, while the Bayesian information criterion prefers
 * two (Schwarz, Estimating the dimension of a model, Annals of Statistics 6, 1978) and the paces differ by half.
 */
export function paceChanges(points: readonly WorkPoint[]): readonly number[] {
  const split = changeOfPace(points);
  if (split === null) return [];
  const later = paceChanges(points.slice(split)).map((index) => index + split);
  return [...paceChanges(points.slice(0, split)), split, ...later];
}

function changeOfPace(points: readonly WorkPoint[]): number | null {
  const n = points.length;
  if (n < 2 * FEWEST_POINTS) return null;
  let best: { readonly split: number; readonly squares: number } | null = null;
  for (let split = FEWEST_POINTS; split <= n - FEWEST_POINTS; split++) {
    const squares = lineFit(points.slice(0, split)).squares + lineFit(points.slice(split)).squares;
    if (best === null || squares < best.squares) best = { split, squares };
  }
  const one = lineFit(points);
  if (best === null || one.squares <= Number.EPSILON * n) return null;
  const [before, after] = [points.slice(0, best.split), points.slice(best.split)].map((part) => lineFit(part).slope);
  const ratio = Math.max(before! / after!, after! / before!);
  const gain = n * Math.log(one.squares / Math.max(best.squares, Number.EPSILON * one.squares));
  return gain > 3 * Math.log(n) && !(ratio < LEAST_RATIO) ? best.split : null;
}

/** Least squares of work over time: slope per millisecond, and what is left of the squares. */
export function lineFit(points: readonly WorkPoint[]): { readonly slope: number; readonly squares: number } {
  const n = points.length;
  const meanAt = points.reduce((sum, { atMs }) => sum + atMs, 0) / n;
  const meanWork = points.reduce((sum, { work }) => sum + work, 0) / n;
  let [xx, xy, yy] = [0, 0, 0];
  for (const { atMs, work } of points) {
    xx += (atMs - meanAt) ** 2;
    xy += (atMs - meanAt) * (work - meanWork);
    yy += (work - meanWork) ** 2;
  }
  const slope = xx === 0 ? 0 : xy / xx;
  return { slope, squares: Math.max(0, yy - slope * xy) };
}
