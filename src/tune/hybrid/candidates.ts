import type { FusionChoice, Search } from '../../results/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import type { HybridQuestion } from '../../workloads/index.js';
import type { Fusion, Rank } from './fusion.js';
import { EXACT, type HybridSpace } from './space.js';
import { DEPTH_KNOBS } from './variants.js';

/** Depths that re-rankers are fed with, in rows asked for; cross-encoders seldom read more than a hundred rows. */
const DEPTHS = [1, 2, 5, 10];
/** Exact neighbours are kept down to a depth of 400. */
const MOST_CANDIDATES = 400;

/** What the first rows of each fusion are worth to a re-ranker, which can return nothing that is not among them. */
export function* candidatesOf(
  { judged, hasRerankScores }: HybridSpace,
  question: HybridQuestion,
  { fusions, rank }: { readonly fusions: readonly Fusion[]; readonly rank: Rank },
): Search<readonly FusionChoice['candidates'][]> {
  const found = fusions.map((): FusionChoice['candidates'] => []);
  if (judged === null) return found;
  for (const depth of DEPTHS.map((factor) => factor * question.k).filter((rows) => rows <= MOST_CANDIDATES)) {
    const deep = fusions.map((fusion) => ({ ...fusion, settings: atLeast(fusion, question, depth) }));
    const { ranked } = yield* rank(deep, { k: depth, ...(hasRerankScores ? { rerankTo: question.k } : {}) });
    for (const [i, { judged: quality, reranked }] of ranked.entries()) {
      if (!quality) continue;
      const { recall, ndcg } = quality;
      const after = reranked?.judged ? { ndcg: reranked.judged.ndcg, scored: reranked.scored } : null;
      found[i]!.push({ depth, recall, ndcg, reranked: after });
    }
  }
  return found;
}

/** Legs that give as many rows as are wanted. */
function atLeast({ strategy, settings }: Fusion, question: HybridQuestion, depth: number): SearchSettings {
  const names = strategy.knobs(question, EXACT).map(({ name }) => name);
  const deeper = Object.values(DEPTH_KNOBS).filter((name) => names.includes(name));
  return {
    ...settings,
    ...Object.fromEntries(deeper.map((name) => [name, Math.max(depth, Number(settings[name] ?? 0))])),
  };
}
