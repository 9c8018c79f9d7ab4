import { compareQuality } from '../../analysis/index.js';
import {
  ask,
  type BuildRecord,
  type FusionChoice,
  type FusionsRequest,
  type HybridAnswer,
  type Search,
} from '../../results/index.js';
import { type HybridQuestion, hybridStrategy, type Side, textLeg } from '../../workloads/index.js';
import { chooseDepths, unlessItLoses } from './choose-depths.js';
import { chooseVariants } from './choose-variants.js';
import { candidatesOf } from './candidates.js';
import type { Choice, Rank } from './fusion.js';
import { answeredShare, ndcgEstimate, type Ranked, rankedOf, sameRows } from './ranked.js';
import type { HybridSpace } from './space.js';

/** BM25 is computed from every word of every row that some query has: of more rows than this it is not. */
const MOST_ROWS_BY_WORD = 200_000;

/**
 * Sets every fusion before an index of the vectors is built: by what it makes of exact legs. Weights and constants are
 * changed only where cross-validation shows that it helps; legs are as deep as they have to be.
 *
 * @param build the text index
 */
export function* chooseFusions(
  space: HybridSpace,
  { question, build }: { readonly question: HybridQuestion; readonly build: BuildRecord },
): Search<Pick<HybridAnswer, 'fusions' | 'textLegs' | 'bm25'>> {
  const rank: Rank = function* (fusions, options = {}) {
    if (fusions.length === 0) return { ranked: [], textLeg: null };
    const asked = fusions.map(({ strategy, settings }) => ({ strategy: strategy.name, settings }));
    const request: FusionsRequest = {
      build: build.key,
      k: question.k,
      text: question.text,
      ...(question.filter ? { filter: question.filter.filter } : {}),
      ...options,
      fusions: asked,
    };
    return rankedOf(yield* ask('fusions', request));
  };
  const usable = space.strategies.map(hybridStrategy).filter(({ limit }) => limit(question) === null);
  // Its fusion of every row is another's, and takes as long as all others together.
  const strategies = usable.filter(({ vectorReach }) => vectorReach(question, {}) !== null);
  const legs = strategies.filter(({ sides }) => sides.length === 1);
  const both = strategies.filter(({ sides }) => sides.length > 1);

  const alone = yield* chooseVariants(space, question, { strategies: legs, given: space.given, rank });
  // How the text is searched is chosen for the text alone, and every fusion takes it from there.
  const text = alone.find(({ strategy }) => strategy.sides.includes('text'));
  const given = { ...space.given, ...text?.settings };
  const fused = yield* chooseVariants(space, question, { strategies: both, given, rank });
  const cut = yield* chooseDepths(space, question, { choices: [...alone, ...fused], rank });
  const { ranked, textLeg } = yield* rank(cut, { describesText: true });
  const set = cut.map((choice, i) => unlessItLoses(space, choice, ranked[i]!));
  const exact = set.map((choice) => choice.ranked);
  const candidates = yield* candidatesOf(space, question, {
    fusions: set.map(({ strategy, choice }) => ({ strategy, settings: choice.settings })),
    rank,
  });
  return {
    fusions: set.map(({ strategy, choice }, i): FusionChoice => {
      const sameAs = (side: Side): number => {
        const leg = set.findIndex((other) => other.strategy.sides.length === 1 && other.strategy.sides[0] === side);
        return leg < 0 ? 0 : sameRows(exact[i]!, exact[leg]!);
      };
      return {
        text: question.text,
        strategy: strategy.name,
        ...choice,
        answered: answeredShare(exact[i]!),
        ndcg: ndcgEstimate(exact[i]!),
        sameRowsAs: { vector: sameAs('vector'), text: sameAs('text') },
        textShutOut: strategy.shutsTextOut(question, choice.settings),
        candidates: [...candidates[i]!],
      };
    }),
    textLegs: textLeg ? [{ text: question.text, figures: textLeg }] : [],
    bm25: text ? yield* rankByBm25(space, question, { text, ranked: exact[alone.indexOf(text)]!, rank }) : [],
  };
}

/** What the text alone is worth when BM25 ranks it, with or without an extension that has it. */
function* rankByBm25(
  { judged, rows }: HybridSpace,
  question: HybridQuestion,
  { text, ranked, rank }: { readonly text: Choice; readonly ranked: Ranked; readonly rank: Rank },
): Search<HybridAnswer['bm25']> {
  const { usesLanguage, scoresByIndex } = textLeg(question.text.method);
  const isRankOfWords = usesLanguage && !scoresByIndex;
  if (judged === null || ranked.ndcg === null || !isRankOfWords || rows > MOST_ROWS_BY_WORD) return [];
  const [byBm25] = (yield* rank([text], { textScore: 'bm25' })).ranked;
  const ndcg = byBm25 && ndcgEstimate(byBm25);
  if (!byBm25?.ndcg || !ndcg) return [];
  return [{ text: question.text, ndcg, againstRank: compareQuality(ranked.ndcg, byBm25.ndcg) }];
}
