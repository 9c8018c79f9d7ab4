import { depthCurve } from '../../analysis/index.js';
import type { FusionChoice, Search } from '../../results/index.js';
import type { HybridQuestion, HybridStrategy, Side } from '../../workloads/index.js';
import type { Choice, Chosen, Fusion, Rank } from './fusion.js';
import { mean, meanOverlap, overlaps, type Ranked } from './ranked.js';
import { EXACT, type HybridSpace } from './space.js';
import { DEPTH_KNOBS, depthsOf } from './variants.js';

/** A fusion whose legs are cut off, and the same with the deepest legs, where it has depths to choose. */
export type Cut = Choice &
  Pick<FusionChoice, 'depths'> & { readonly deepest: (Fusion & { readonly ranked: Ranked }) | null };

/** Finds how deep each leg has to be, the other at its deepest. */
interface DepthVariant extends Fusion {
  readonly side: Side;
  readonly depth: number;
}

export function* chooseDepths(
  space: HybridSpace,
  question: HybridQuestion,
  { choices, rank }: { readonly choices: readonly Choice[]; readonly rank: Rank },
): Search<readonly Cut[]> {
  const deeper = choices.flatMap((choice) => depthVariants(space, question, choice));
  const { ranked } = yield* rank(deeper);
  return choices.map((choice) => {
    const depths = (['vector', 'text'] as const).flatMap((side) => {
      const own = deeper.flatMap((variant, i) =>
        variant.side === side && variant.strategy === choice.strategy
          ? [{ depth: variant.depth, ranked: ranked[i]! }]
          : [],
      );
      return own.length > 0 ? [depthNeeded(space, side, own)] : [];
    });
    const cut = Object.fromEntries(depths.map(({ side, enough }) => [DEPTH_KNOBS[side], enough]));
    const last = deeper.findLastIndex(({ strategy }) => strategy === choice.strategy);
    const deepest = last < 0 ? null : { ...deeper[last]!, ranked: ranked[last]! };
    return { ...choice, settings: { ...choice.settings, ...cut }, depths, deepest };
  });
}

/** A fusion with both legs cut off; the deepest, where the cuts together lose more than the target allows. */
export function unlessItLoses(
  { target }: HybridSpace,
  { strategy, deepest, ...choice }: Cut,
  ranked: Ranked,
): {
  readonly strategy: HybridStrategy;
  readonly choice: Chosen & Pick<FusionChoice, 'depths'>;
  readonly ranked: Ranked;
} {
  const kept = { strategy, choice, ranked };
  if (!deepest) return kept;
  const isLost =
    ranked.ndcg && deepest.ranked.ndcg
      ? mean(ranked.ndcg) < target.recall * mean(deepest.ranked.ndcg)
      : meanOverlap(ranked, deepest.ranked) < target.recall;
  return isLost ? { strategy, choice: { ...choice, settings: deepest.settings }, ranked: deepest.ranked } : kept;
}

/** One leg at every depth, the other at the deepest. */
function depthVariants(
  { given }: HybridSpace,
  question: HybridQuestion,
  { strategy, settings }: Fusion,
): readonly DepthVariant[] {
  const depths = depthsOf(question.k);
  const names = strategy.knobs(question, EXACT).flatMap(({ name }) => (given[name] === undefined ? [name] : []));
  const sides = (['vector', 'text'] as const).filter((side) => names.includes(DEPTH_KNOBS[side]));
  const deepest = Object.fromEntries(sides.map((side) => [DEPTH_KNOBS[side], depths.at(-1)!]));
  return sides.flatMap((side) =>
    depths.map((depth): DepthVariant => ({
      strategy,
      settings: { ...settings, ...deepest, [DEPTH_KNOBS[side]]: depth },
      side,
      depth,
    })),
  );
}

/** The least depth of a leg that keeps the target's share of what the deepest gives; two legs share what may be lost. */
function depthNeeded(
  { target }: HybridSpace,
  side: Side,
  own: readonly { readonly depth: number; readonly ranked: Ranked }[],
): FusionChoice['depths'][number] {
  const depths = own.map(({ depth }) => depth);
  const deepest = own.at(-1)!;
  const ndcg = own.flatMap(({ ranked }) => ranked.ndcg ?? []);
  const { measure, qualities, tolerance } =
    ndcg.length === own.length
      ? { measure: 'ndcg' as const, qualities: ndcg, tolerance: ((1 - target.recall) / 2) * mean(deepest.ranked.ndcg!) }
      : {
          measure: 'overlap' as const,
          qualities: own.map(({ ranked }) => overlaps(ranked, deepest.ranked)),
          tolerance: (1 - target.recall) / 2,
        };
  const { points, enough } = depthCurve(depths, qualities, tolerance);
  return { side, measure, deepest: deepest.depth, points: [...points], enough };
}
