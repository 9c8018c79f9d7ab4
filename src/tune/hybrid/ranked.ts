import { decodeFloat32, decodeInt32, estimateQuality, overlapAt } from '../../analysis/index.js';
import type { Estimate, FusionsRecord, Judged, TextLegFigures } from '../../results/index.js';

/** A fusion's exact answers to the queries of a run. */
export interface Ranked {
  readonly record: string;
  readonly position: number;
  /** A ranking a query. */
  readonly rankings: readonly (readonly number[])[];
  /** nDCG of the judged queries; null where nobody judged. */
  readonly ndcg: Float32Array | null;
  readonly judged: Judged | null;
  readonly reranked: FusionsRecord['fusions'][number]['reranked'];
}

export interface RankedFusions {
  /** In the order asked. */
  readonly ranked: readonly Ranked[];
  readonly textLeg: TextLegFigures | null;
}

export function rankedOf({ key, request, queries, fusions, textLeg }: FusionsRecord): RankedFusions {
  const { k } = request;
  const ranked = fusions.map(({ rankings, judged, reranked }, position) => {
    const rows = decodeInt32(rankings);
    return {
      record: key,
      position,
      rankings: Array.from({ length: queries }, (_, query) =>
        Array.from(rows.subarray(query * k, (query + 1) * k)).filter((row) => row >= 0),
      ),
      ndcg: judged && decodeFloat32(judged.samples),
      judged,
      reranked,
    };
  });
  return { ranked, textLeg: textLeg ?? null };
}

export const ndcgEstimate = ({ ndcg }: Ranked): Estimate | null => ndcg && estimateQuality(ndcg);

/** Share of the queries that have an answer at all. */
export const answeredShare = ({ rankings }: Ranked): number => mean(rankings.map((rows) => (rows.length > 0 ? 1 : 0)));

/** Queries that both answer with the same rows, in whatever order. */
export const sameRows = (a: Ranked, b: Ranked): number => overlaps(a, b).filter((overlap) => overlap === 1).length;

/** Share of the rows that two answers to a query have in common. */
export const overlaps = (a: Ranked, b: Ranked): readonly number[] =>
  a.rankings.map((ranking, query) => overlapAt(ranking, b.rankings[query]!, Infinity));

export const meanOverlap = (a: Ranked, b: Ranked): number => mean(overlaps(a, b));

export const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
