import { isotonic } from '../stats/isotonic.js';
import { normalQuantile } from '../stats/normal.js';

/** Recall seen at one value of a knob such as ef_search or probes. */
export interface KnobPoint {
  readonly knob: number;
  /** The figure that has to reach the target: a mean recall, or the lower end of its interval. */
  readonly recall: number;
  /** Queries it rests on. */
  readonly queries: number;
}

/** Probit of recall gained by doubling ef_search on pgvector's HNSW graphs: seen from 0.2 (near recall 1) to 0.7. */
const GAIN_PER_DOUBLING = { least: 0.2, usual: 0.45, most: 0.7 };
/** Beyond the values seen no more than this many doublings are believed. */
const FARTHEST = 2;

/**
 * Where the recall of a build probably reaches `target`: a guess of what to measure next, never a result.
 *
 * The probit of recall is nearly linear in the logarithm of the knob over a few doublings, but flattens near 1; so it
 * is interpolated between the two neighbours of the target, and extrapolated only a little.
 *
 * @param points at least one, each knob once
 * @param target in (0, 1]
 * @returns a positive knob value, not rounded
 */
export function guessKnob(points: readonly KnobPoint[], target: number): number {
  const sorted = points.toSorted((a, b) => a.knob - b.knob);
  const recalls = isotonic(
    sorted.map(({ recall }) => recall),
    sorted.map(({ queries }) => queries),
  );
  const queries = Math.max(...sorted.map((point) => point.queries));
  // Recall 1 of n queries has no probit; it is taken for half a query lost.
  const probit = (recall: number): number =>
    normalQuantile(Math.min(Math.max(recall, 0.5 / queries), 1 - 0.5 / queries));
  const line = sorted.map(({ knob }, i) => ({ x: Math.log2(knob), y: probit(recalls[i]!) }));
  const wanted = probit(target);

  const above = line.findIndex(({ y }) => y >= wanted);
  const [left, right] = neighbours(line, above);
  if (above > 0) return 2 ** (left.x + ((wanted - left.y) / (right.y - left.y)) * (right.x - left.x));
  const slope = left === right ? GAIN_PER_DOUBLING.usual : (right.y - left.y) / (right.x - left.x);
  const gain = Math.min(Math.max(slope, GAIN_PER_DOUBLING.least), GAIN_PER_DOUBLING.most);
  const end = above === 0 ? left : right;
  const doublings = Math.min(Math.max((wanted - end.y) / gain, -FARTHEST), FARTHEST);
  return 2 ** (end.x + doublings);
}

interface Position {
  readonly x: number;
  readonly y: number;
}

/** The two points around position `above`, or the two nearest to the end it lies beyond (−1: beyond the last). */
function neighbours(line: readonly Position[], above: number): readonly [Position, Position] {
  const right = above === -1 ? line.length - 1 : Math.min(Math.max(above, 1), line.length - 1);
  return [line[Math.max(right - 1, 0)]!, line[right]!];
}
