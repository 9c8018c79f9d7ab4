import type { SearchSettings } from '../../vocabulary.js';
import {
  type HybridQuestion,
  type HybridStrategy,
  type QueryKnob,
  textDepth,
  vectorDepth,
} from '../../workloads/index.js';
import { EXACT } from './space.js';

/** Weights of the vector leg; 0.5 and 0.7 are what people write. */
const WEIGHTS = [0.5, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9];
/** Beside its default of 60, a constant that makes the first ranks of a leg stand out. */
const RRF_KS = [60, 10];

/** Depths of a leg that are looked at, in rows asked for, ascending; the weights are compared at the one before the last. */
const DEPTHS = [1, 2, 5, 10, 20];

export const depthsOf = (k: number): readonly number[] => DEPTHS.map((factor) => factor * k);

/** How deep legs are while weights are compared. */
export const comparedDepth = (k: number): number => depthsOf(k).at(-2)!;

/** The knobs by which a leg is cut off. */
export const DEPTH_KNOBS = { vector: vectorDepth.name, text: textDepth.name };

/**
 * Settings of a strategy that can be told apart by the quality of its answers. The first is the base: equal weights,
 * defaults, and what is given. How the text is searched is varied for the text alone; fusions take what was chosen there.
 *
 * @param given settings of some strategies that are not to be chosen
 */
export function variantsOf(
  strategy: HybridStrategy,
  question: HybridQuestion,
  given: SearchSettings,
): readonly SearchSettings[] {
  const knobs = strategy.knobs(question, EXACT);
  const names = new Set(knobs.map(({ name }) => name));
  const isOne = strategy.sides.length === 1;
  const base = Object.fromEntries([
    ...Object.values(DEPTH_KNOBS)
      .filter((name) => names.has(name))
      .map((name) => [name, comparedDepth(question.k)] as const),
    ...Object.entries(given).filter(([name]) => names.has(name)),
  ]);
  const free = knobs.filter(({ name }) => given[name] === undefined);
  const variants = free
    .flatMap((knob) => {
      const values = valuesOf(knob, isOne);
      return values.length > 1 ? [{ name: knob.name, values }] : [];
    })
    .reduce<readonly SearchSettings[]>(
      (settings, { name, values }) => values.flatMap((value) => settings.map((one) => ({ ...one, [name]: value }))),
      [base],
    );
  // One leg alone has no other settings than these: where all are at their defaults, none needs saying.
  const [, ...others] = variants;
  const matches = isOne && free.some(({ name }) => name === 'text_match') ? MATCHES : [];
  return isOne ? [base, ...others, ...matches.map((match) => ({ ...base, text_match: match }))] : variants;
}

/** For short queries, whose every word may be wanted; any word at all would have half the table ranked. */
const MATCHES = ['all', 'web'];

/** What a knob may be, its default first; none for what is no matter of quality. */
function valuesOf(knob: QueryKnob, isOne: boolean): readonly (number | string)[] {
  const all = knob.kind === 'choice' ? [knob.default, ...knob.values.filter((value) => value !== knob.default)] : [];
  switch (knob.name) {
    case 'vector_weight':
      return WEIGHTS;
    case 'rrf_k':
      return RRF_KS;
    case 'normalisation':
    case 'match':
      return all;
    case 'text_rank':
    case 'text_similarity':
      return isOne ? all : [];
    case 'text_normalization':
      return isOne ? NORMALIZATIONS : [];
    default:
      return [];
  }
}

/** Divided by the logarithm of the length, or not. */
const NORMALIZATIONS = [1, 0];
