import { compareQuality, crossValidate } from '../../analysis/index.js';
import type { Search } from '../../results/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import type { HybridQuestion, HybridStrategy } from '../../workloads/index.js';
import type { Choice, Chosen, Fusion, Rank } from './fusion.js';
import { meanOverlap, type Ranked } from './ranked.js';
import type { HybridSpace } from './space.js';
import { variantsOf } from './variants.js';

/** Folds of the cross-validation. */
const FOLDS = 10;

/** Sets weights and constants of strategies, by the exact answers that they give. */
export function* chooseVariants(
  space: HybridSpace,
  question: HybridQuestion,
  {
    strategies,
    given,
    rank,
  }: { readonly strategies: readonly HybridStrategy[]; readonly given: SearchSettings; readonly rank: Rank },
): Search<readonly Choice[]> {
  const variants = strategies.flatMap((strategy) => {
    const all = variantsOf(strategy, question, given);
    // Without judgements there is nothing to choose the search of the text by.
    const own = space.judged === null && strategy.sides.length === 1 ? all.slice(0, 1) : all;
    return own.map((settings): Fusion => ({ strategy, settings }));
  });
  const { ranked } = yield* rank(variants);
  return strategies.map((strategy) => {
    const own = variants.flatMap((variant, i) =>
      variant.strategy === strategy ? [{ settings: variant.settings, ranked: ranked[i]! }] : [],
    );
    return { strategy, ...chooseVariant(space, own) };
  });
}

/** The base, unless the judgements show that another variant is better on queries that had no part in choosing it. */
function chooseVariant(
  { seed }: HybridSpace,
  own: readonly { readonly settings: SearchSettings; readonly ranked: Ranked }[],
): Chosen {
  const base = own[0]!;
  const qualities = own.flatMap(({ ranked }) => ranked.ndcg ?? []);
  const judged = base.ranked.ndcg;
  const variants = own.map(({ settings, ranked }, i) => ({
    settings,
    place: { record: ranked.record, position: ranked.position },
    overlapWithBase: meanOverlap(ranked, base.ranked),
    againstBase: judged === null || i === 0 ? null : compareQuality(judged, ranked.ndcg!),
  }));
  const unchosen = { settings: base.settings, base: base.settings, variants, gain: null, choicesByFold: null };
  if (judged === null || judged.length < 2 * FOLDS || own.length === 1) return unchosen;
  const { chosen, chosenByFold, gain } = crossValidate(qualities, { base: 0, folds: FOLDS, seed });
  return {
    ...unchosen,
    ...(gain.verdict === 'better' ? { settings: own[chosen]!.settings } : {}),
    gain,
    choicesByFold: new Set(chosenByFold).size,
  };
}
