import {
  compareQuality,
  crossValidate,
  decodeFloat32,
  decodeInt32,
  depthCurve,
  overlapAt,
} from '../../analysis/index.js';
import { ask, type BuildRecord, type FusionChoice, type FusionsRecord, type Search } from '../../results/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import { type HybridQuestion, hybridStrategy, type HybridStrategy, type Side } from '../../workloads/index.js';
import { EXACT, type HybridSpace } from './space.js';
import { DEPTH_KNOBS, depthsOf, variantsOf } from './variants.js';

/** Folds of the cross-validation. */
const FOLDS = 10;

/** A fusion's answers to the queries of a run. */
interface Ranked {
  readonly record: string;
  readonly position: number;
  /** A ranking a query. */
  readonly rankings: readonly (readonly number[])[];
  /** nDCG of the judged queries; null where nobody judged. */
  readonly ndcg: Float32Array | null;
}

/**
 * Sets every fusion before an index of the vectors is built: by what it makes of exact legs. Weights and constants are
 * changed only where cross-validation shows that it helps; legs are as deep as they have to be.
 *
 * @param build the text index
 */
export function* chooseFusions(
  space: HybridSpace,
  { question, build }: { readonly question: HybridQuestion; readonly build: BuildRecord },
): Search<readonly FusionChoice[]> {
  const usable = space.strategies.map(hybridStrategy).filter(({ limit }) => limit(question) === null);
  // Its fusion of every row is another's, and takes as long as all others together.
  const strategies = usable.filter(({ vectorReach }) => vectorReach(question, {}) !== null);
  const rank = function* (fusions: readonly Fusion[]): Search<readonly Ranked[]> {
    if (fusions.length === 0) return [];
    const { text, k } = question;
    return rankedOf(
      yield* ask('fusions', {
        build: build.key,
        k,
        text,
        fusions: fusions.map(({ strategy, settings }) => ({ strategy: strategy.name, settings })),
      }),
    );
  };
  const choose = function* (of: readonly HybridStrategy[], given: SearchSettings): Search<readonly Choice[]> {
    const variants = of.flatMap((strategy) => {
      const all = variantsOf(strategy, question, given);
      // Without judgements there is nothing to choose the search of the text by.
      const own = space.judged === null && strategy.sides.length === 1 ? all.slice(0, 1) : all;
      return own.map((settings): Fusion => ({ strategy, settings }));
    });
    const ranked = yield* rank(variants);
    return of.map((strategy) => {
      const own = variants.flatMap((variant, i) =>
        variant.strategy === strategy ? [{ settings: variant.settings, ranked: ranked[i]! }] : [],
      );
      return { strategy, ...chooseVariant(space, own) };
    });
  };
  const alone = yield* choose(
    strategies.filter(({ sides }) => sides.length === 1),
    space.given,
  );
  const text = alone.find(({ strategy }) => strategy.sides.includes('text'))?.settings ?? {};
  const fused = yield* choose(
    strategies.filter(({ sides }) => sides.length > 1),
    { ...space.given, ...text },
  );
  const chosen = [...alone, ...fused];
  const deeper = chosen.flatMap(({ strategy, settings }) => depthVariants(space, question, { strategy, settings }));
  const byDepth = yield* rank(deeper.map(({ fusion }) => fusion));
  return chosen.map(({ strategy, settings, ...choice }) => {
    const depths = (['vector', 'text'] as const).flatMap((side) => {
      const own = deeper.flatMap((variant, i) =>
        variant.side === side && variant.fusion.strategy === strategy
          ? [{ depth: variant.depth, ranked: byDepth[i]! }]
          : [],
      );
      return own.length > 0 ? [depthNeeded(space, side, own)] : [];
    });
    const cut = Object.fromEntries(depths.map(({ side, enough }) => [DEPTH_KNOBS[side], enough]));
    return {
      text: question.text,
      strategy: strategy.name,
      title: strategy.title,
      settings: { ...settings, ...cut },
      ...choice,
      depths,
    };
  });
}

interface Fusion {
  readonly strategy: HybridStrategy;
  readonly settings: SearchSettings;
}

interface Choice extends Chosen {
  readonly strategy: HybridStrategy;
}

type Chosen = Pick<FusionChoice, 'settings' | 'answered' | 'base' | 'variants' | 'gain' | 'choicesByFold'>;

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
  const unchosen = {
    settings: base.settings,
    answered: answeredShare(base.ranked),
    base: base.settings,
    variants,
    gain: null,
    choicesByFold: null,
  };
  if (judged === null || judged.length < 2 * FOLDS || own.length === 1) return unchosen;
  const { chosen, chosenByFold, gain } = crossValidate(qualities, { base: 0, folds: FOLDS, seed });
  return {
    ...unchosen,
    ...(gain.verdict === 'better'
      ? { settings: own[chosen]!.settings, answered: answeredShare(own[chosen]!.ranked) }
      : {}),
    gain,
    choicesByFold: new Set(chosenByFold).size,
  };
}

const answeredShare = ({ rankings }: Ranked): number => mean(rankings.map((rows) => (rows.length > 0 ? 1 : 0)));

interface DepthVariant {
  readonly fusion: Fusion;
  readonly side: Side;
  readonly depth: number;
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
      fusion: { strategy, settings: { ...settings, ...deepest, [DEPTH_KNOBS[side]]: depth } },
      side,
      depth,
    })),
  );
}

/** The least depth of a leg that keeps the target's share of what the deepest gives. */
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
      ? { measure: 'ndcg' as const, qualities: ndcg, tolerance: (1 - target.recall) * mean(deepest.ranked.ndcg!) }
      : {
          measure: 'overlap' as const,
          qualities: own.map(({ ranked }) => overlaps(ranked, deepest.ranked)),
          tolerance: 1 - target.recall,
        };
  const { points, enough } = depthCurve(depths, qualities, tolerance);
  return { side, measure, deepest: deepest.depth, points: [...points], enough };
}

function rankedOf({ key, request, queries, fusions }: FusionsRecord): readonly Ranked[] {
  const { k } = request;
  return fusions.map(({ rankings, judged }, position) => {
    const rows = decodeInt32(rankings);
    return {
      record: key,
      position,
      rankings: Array.from({ length: queries }, (_, query) =>
        Array.from(rows.subarray(query * k, (query + 1) * k)).filter((row) => row >= 0),
      ),
      ndcg: judged && decodeFloat32(judged.samples),
    };
  });
}

const overlaps = (a: Ranked, b: Ranked): readonly number[] =>
  a.rankings.map((ranking, query) => overlapAt(ranking, b.rankings[query]!, Infinity));

const meanOverlap = (a: Ranked, b: Ranked): number => mean(overlaps(a, b));

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
