import { encodeFloat32, estimateQuality, type Grades, judgeRankings } from '../../analysis/index.js';
import type { Judged } from '../../results/index.js';

/**
 * Quality of rankings by what people judged relevant; null when no query has a relevant row.
 *
 * @param rankings row numbers, best first, a ranking a query
 * @param judgements of the same queries
 */
export function summariseJudged(
  rankings: readonly (readonly number[])[],
  judgements: readonly Grades[],
  k: number,
): Judged | null {
  const { ndcg, reciprocalRank, recall } = judgeRankings(rankings, judgements, k);
  if (ndcg.length === 0) return null;
  return {
    queries: ndcg.length,
    ndcg: estimateQuality(ndcg),
    reciprocalRank: estimateQuality(reciprocalRank),
    recall: estimateQuality(recall),
    samples: encodeFloat32(ndcg),
  };
}
