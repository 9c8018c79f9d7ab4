import { shortHash } from '../../canonical-json.js';
import { indexKind } from '../../indexes/index.js';
import type { BuildRecord, NotBuilt, Search } from '../../results/index.js';
import { estimateAt } from './curve.js';
import { explore, type Explored } from './explore.js';
import { besideExplored, unscreened } from './general-effort.js';
import { relativeCost } from './goal.js';
import { hasTimeToBuild, secondsToConfirm } from './in-time.js';
import { doesNotPay } from './payback.js';
import { inOnePrecision } from './precision.js';
import { predictedRatio } from './prior.js';
import type { Pruned } from './prune.js';
import type { Screening } from './screen.js';
import type { Split } from './split.js';
import type { Space } from './space.js';
import type { Screened } from './subset.js';

/** Indexes that are built on all rows beside the control. */
export const MOST_PROMOTED = 3;
/** A build that is expected to save less of the work of a query than this is not made. */
const WORTH = 0.03;
/**
 * Errors of what is expected: standard deviations of the logarithm of a cost. Beside an index of the same method on all
 * rows, from a subset and from a model; and where no index of the method stands on all rows. Over the sample of queries,
 * half of that of the number of misses that a recall rests on: near 1 there are few.
 */
const ERROR = { screened: 0.1, modelled: 0.1, otherMethod: 0.3, ofMisses: 0.5 };

export interface Promotion {
  /** Indexes on all rows, beside the control. */
  readonly promoted: readonly Explored[];
  /** Those that would save something, but not as much as their build takes. */
  readonly unpaid: readonly Pruned[];
}

/** An index on all rows that reaches the search recall. */
interface Anchor {
  readonly explored: Explored;
  /** Value of its knob there. */
  readonly value: number;
  /** Cost over that of the control: expected, and seen. */
  readonly expected: number;
  readonly cost: number;
  /** Whether it was expected without having been seen on a subset; null: it is the control. */
  readonly isGuess: boolean | null;
}

interface Prospect {
  readonly candidate: Screened;
  /** Expected share of the cost of the best so far. */
  readonly saving: number;
  readonly unpaid: NotBuilt | null;
}

/**
 * Builds the most promising indexes on all rows, one after the other, for as long as what the next is expected to save
 * is worth a build: the mean of what it would save over what it may turn out to cost. Each build corrects what is
 * expected of the others of its method, for most of what a subset gets wrong it gets wrong for all of them. Where the queries
 * of a day are known, a build has to pay as well.
 */
export function* promote(
  space: Space,
  {
    control,
    screening,
    searchRecall,
    split,
  }: {
    readonly control: Explored;
    readonly screening: Screening;
    readonly searchRecall: number;
    readonly split: Split;
  },
): Search<Promotion> {
  const goal = space.target.minimise;
  const anchors: Anchor[] = [];
  const addAnchor = (explored: Explored, expected: number, isGuess: boolean | null): void => {
    const [unit] = anchors;
    const value = estimateAt(explored.observations, searchRecall)?.value;
    if (value === undefined) return;
    const cost = unit
      ? unit.cost * relativeCost(goal, { one: explored, other: unit.explored, recall: searchRecall, size: space })
      : expected;
    anchors.push({ explored, value, expected, cost, isGuess });
  };
  addAnchor(control, 1, null);
  const screened = inOnePrecision(space, [...screening.screened, ...modelled(space, screening)]);
  const guessed = new Set(unscreened(space, screened, besideExplored(control, searchRecall)));
  const waiting = new Set(
    [...screened, ...guessed].filter(({ family, ratio }) => family !== control.family && ratio !== Infinity),
  );
  const sampling = ERROR.ofMisses / Math.sqrt((1 - searchRecall) * split.search.count * space.workload.k);
  const promoted: Explored[] = [];
  const built = (): readonly BuildRecord[] =>
    [control, ...screening.screened.map(({ explored }) => explored), ...promoted].map(({ build }) => build);
  const prospects = (): readonly Prospect[] => {
    const [best] = anchors.toSorted((a, b) => a.cost - b.cost);
    return [...waiting].map((candidate) => {
      const expected = outlook(space, candidate, { anchors, sampling, isGuess: guessed.has(candidate) });
      const saving = expectedSaving(expected, best?.cost ?? Infinity);
      const medianMs = best?.explored.reached?.medianMs ?? null;
      const unpaid = doesNotPay(space, { spec: candidate.family.spec, saving, medianMs }, built());
      return { candidate, saving, unpaid };
    });
  };
  while (promoted.length < MOST_PROMOTED) {
    const [next] = prospects()
      .filter(({ unpaid }) => unpaid === null)
      .toSorted((a, b) => b.saving - a.saving);
    // One rival there is always where it can be had, to be compared with.
    if (!next || (promoted.length > 0 && next.saving < WORTH)) break;
    const { candidate } = next;
    waiting.delete(candidate);
    const reserved = secondsToConfirm(space, { explored: [control, ...promoted], split, more: 1 });
    if (!(yield* hasTimeToBuild(space, candidate.family.spec, reserved))) continue;
    const rivals = anchorsOf(candidate, anchors);
    const explored = yield* explore(space, {
      family: candidate.family,
      searchRecall,
      first: firstValue(candidate, rivals),
      queries: split.search,
      // Buffers of one method are not those of another.
      limit: Math.min(
        ...rivals.map((rival) => estimateAt(rival.explored.observations, searchRecall)?.buffers ?? Infinity),
      ),
    });
    promoted.push(explored);
    addAnchor(explored, candidate.ratio, guessed.has(candidate));
  }
  const unpaid = prospects().flatMap(({ candidate: { family }, saving, unpaid: why }): readonly Pruned[] =>
    why && saving >= WORTH ? [{ family, why }] : [],
  );
  return { promoted, unpaid };
}

/** Indexes that were not built on a subset, because a model tells them from one of their method that was. */
export function modelled(space: Space, { screened }: Screening): readonly Screened[] {
  const known = new Set(screened.map(({ family }) => shortHash(family.spec)));
  return space.families.flatMap((family): readonly Screened[] => {
    const { spec } = family;
    if (known.has(shortHash(spec)) || !indexKind(spec.method).isModelled) return [];
    const like = screened.find(
      (one) => one.family.spec.method === spec.method && one.family.spec.representation === spec.representation,
    );
    if (!like?.explored.reached) return [];
    const { value } = like.explored.reached;
    return [
      {
        ...like,
        family,
        ratio: like.ratio * predictedRatio(spec, { other: like.family.spec, value, size: space, k: space.workload.k }),
      },
    ];
  });
}

const anchorsOf = ({ family }: Screened, anchors: readonly Anchor[]): readonly Anchor[] =>
  anchors.filter(({ explored }) => explored.family.spec.method === family.spec.method);

interface Outlook {
  readonly cost: number;
  /** Standard deviation of the logarithm of the cost. */
  readonly sd: number;
}

/** What an index is expected to cost over the control. */
function outlook(
  space: Space,
  candidate: Screened,
  {
    anchors,
    sampling,
    isGuess,
  }: { readonly anchors: readonly Anchor[]; readonly sampling: number; readonly isGuess: boolean },
): Outlook {
  const { spec } = candidate.family;
  const own = anchorsOf(candidate, anchors);
  const last = own.at(-1);
  if (!last) return { cost: candidate.ratio, sd: Math.hypot(sampling, ERROR.otherMethod) };
  if (indexKind(spec.method).isModelled) {
    const other = last.explored.family.spec;
    const ratio = predictedRatio(spec, { other, value: last.value, size: space, k: space.workload.k });
    return { cost: last.cost * ratio, sd: Math.hypot(sampling, ERROR.modelled) };
  }
  // What a subset errs by says nothing of what holds for all data, and the other way round.
  const alike = own.filter((one) => one.isGuess === null || one.isGuess === isGuess);
  const offset =
    alike.reduce((sum, { cost, expected }) => sum + Math.log(cost / expected), 0) / Math.max(1, alike.length);
  return { cost: candidate.ratio * Math.exp(offset), sd: Math.hypot(sampling, ERROR.screened) };
}

/** E[max(0, 1 − c/best)] where c is log-normal about the expected cost; the less the cost, the more without a best. */
function expectedSaving({ cost, sd }: Outlook, best: number): number {
  if (best === Infinity) return 1 / (1 + cost);
  let sum = 0;
  for (const quantile of NORMAL_DECILES) sum += Math.max(0, 1 - (cost / best) * Math.exp(sd * quantile));
  return sum / NORMAL_DECILES.length;
}

/** Middles of the ten tenths of the standard normal. */
const NORMAL_DECILES = [-1.645, -1.036, -0.674, -0.385, -0.126, 0.126, 0.385, 0.674, 1.036, 1.645];

/** Where an index of the same method reaches the search recall, on all rows if there is one; else on the subset. */
export function firstValue({ family, explored }: Screened, anchors: readonly Anchor[]): number {
  const { sameRecall } = indexKind(family.spec.method);
  const to = family.spec.parameters;
  const last = anchors.at(-1);
  if (last) return sameRecall(last.value, { from: last.explored.family.spec.parameters, to });
  return sameRecall(explored.reached?.value ?? 1, { from: explored.family.spec.parameters, to });
}
