import { compareBlocks, decodeFloat32, holm } from '../../analysis/index.js';
import type { CostComparison, Upkeep } from '../../results/index.js';
import { type Candidate, indexBytes, pagesOf } from '../common/constraints.js';
import { costOf, type Goal } from './goal.js';

/*
 * Which candidates cost more by a goal. Times are compared by pairs of interleaved blocks, which share the state of the
 * machine: their ratio is known to a few per cent where the intervals of two p95 overlap by half.
 */

/**
 * Times that differ by less are equivalent: no operator would build another index for it. Buffers, bytes and the times of
 * builds are as they are.
 */
const MARGIN = 0.05;
const marginOf = (goal: Goal): number => (isTimed(goal) ? MARGIN : 0);

const isTimed = (goal: Goal): goal is 'p95' | 'throughput' => goal === 'p95' || goal === 'throughput';

/** Probability of calling any candidate more expensive that is not. */
const ALPHA = 0.05;

type Compared = Pick<CostComparison, 'ratio' | 'low' | 'high' | 'pairs'> & {
  /** That the ratio is 1, for all that is seen. */
  readonly p: number;
};

/** The cost of each candidate over that of the base, adjusted for their number (Holm). In the order given. */
export function compareCosts(candidates: readonly Candidate[], base: Candidate, goal: Goal): readonly CostComparison[] {
  const compared = candidates.map((candidate) => compareOne(candidate, base, goal));
  const adjusted = holm(compared.map(({ p }) => p));
  return candidates.map((candidate, i): CostComparison => {
    const { p: _, ...figures } = compared[i]!;
    return {
      goal,
      verdict: verdictOf(figures, { p: adjusted[i]!, margin: marginOf(goal) }),
      ...figures,
      margin: marginOf(goal),
      one: upkeepOf(candidate),
      other: upkeepOf(base),
    };
  });
}

/** The cost of one candidate over that of another. */
export const compareCost = (one: Candidate, other: Candidate, goal: Goal): CostComparison =>
  compareCosts([one], other, goal)[0]!;

export const upkeepOf = ({ build, measured }: Candidate): Upkeep => ({
  buffers: pagesOf(measured),
  indexBytes: indexBytes(build),
  buildSeconds: build.seconds,
});

function verdictOf(
  { low, high }: Omit<Compared, 'p'>,
  { p, margin }: { readonly p: number; readonly margin: number },
): CostComparison['verdict'] {
  if (low >= 1 / (1 + margin) && high !== null && high <= 1 + margin) return 'equivalent';
  if (p <= ALPHA && low > 1) return 'more';
  return p <= ALPHA && high !== null && high < 1 ? 'less' : 'undecided';
}

/** Blocks that an interval takes, at least. */
const LEAST_PAIRS = 6;

function compareOne(one: Candidate, base: Candidate, goal: Goal): Compared {
  if (isTimed(goal)) {
    const [a, b] = [one, base].map(({ measured }) => decodeFloat32(measured.samples.latencyMs)) as [
      Float32Array,
      Float32Array,
    ];
    const blockSize = base.measured.samples.blockQueries;
    if (areSideBySide(one, base) && a.length === b.length && Math.ceil(a.length / blockSize) >= LEAST_PAIRS)
      return paired(a, b, { blockSize, goal });
  }
  return apart(one, base, goal);
}

/** Points that are measured together begin together: blocks of others share no state of the machine, however many there are. */
const areSideBySide = ({ point: a }: Candidate, { point: b }: Candidate): boolean =>
  a.startedAt === b.startedAt && a.fromRun === b.fromRun;

/** What a goal counts of a block. Medians scatter less, but equal ones say nothing of tails and means. */
const LEVELS = { p95: 0.95, throughput: 'mean' } as const;

function paired(
  one: Float32Array,
  base: Float32Array,
  { blockSize, goal }: { readonly blockSize: number; readonly goal: keyof typeof LEVELS },
): Compared {
  const { ratio, pairs, pTwoSided } = compareBlocks(base, one, { blockSize, level: LEVELS[goal] });
  return { ratio: ratio.value, low: ratio.low ?? 0, high: ratio.high, pairs, p: pTwoSided };
}

/** By what each shows alone. */
function apart(one: Candidate, base: Candidate, goal: Goal): Compared {
  const [a, b] = [one, base].map(({ build, measured }) => costOf(goal, build, measured)) as [Cost, Cost];
  const ratio = quotient(a.value, b.value);
  const low = quotient(a.low, b.high);
  const high = quotient(a.high, b.low);
  const isApart = a.low > b.high || a.high < b.low;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  // Beside what costs nothing there is no telling by how much.
  return {
    ratio: finite(ratio),
    low: finite(low) ?? Number.MAX_VALUE,
    high: finite(high),
    pairs: 0,
    p: isApart ? 0 : 1,
  };
}

type Cost = ReturnType<typeof costOf>;

/** Nothing over nothing is as much. */
const quotient = (a: number, b: number): number => (a === b ? 1 : a / b);
