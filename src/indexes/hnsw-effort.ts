/**
 * What m and ef_construction do to the work of a graph is much the same for all data: a quadratic in their doublings from
 * pgvector's defaults, each term of which changes with how far a query has to look. Fitted to recorded graphs of four tables
 * (5,000 to 30,000 rows, 64 and 256 dimensions) and tried on three others, of other kinds; see `benchmarks/graph-effort.ts`.
 */
export const OF_PARAMETERS = [0.0107, 0.0031, 0.1896, 0.0934, 0.0211];
/** The same terms, for each doubling of the candidates. */
export const OF_DEPTH = [-0.1005, 0.0422, -0.0559, 0.0083, -0.0307];
/** Doublings that the graphs were recorded with, at most. */
const DEEPEST = 5;

/**
 * The natural logarithm of the buffers that a query of a graph touches over those of pgvector's default graph, at the same
 * recall. A prior, wrong by a tenth as a rule.
 *
 * @param graph.depth doublings from k to the `ef_search` that the default graph needs
 */
export function hnswEffort({
  m,
  efConstruction,
  depth,
}: {
  readonly m: number;
  readonly efConstruction: number;
  readonly depth: number;
}): number {
  const [a, b] = [Math.log2(efConstruction / 64), Math.log2(m / 16)];
  const looks = Math.min(DEEPEST, Math.max(0, depth));
  return [a, a * a, b, b * b, a * b].reduce(
    (sum, term, i) => sum + term * (OF_PARAMETERS[i]! + looks * OF_DEPTH[i]!),
    0,
  );
}
