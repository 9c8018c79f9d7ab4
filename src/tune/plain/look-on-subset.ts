import { shortHash } from '../../canonical-json.js';
import { release, type Search, type SubsetChoice } from '../../results/index.js';
import { estimateAt } from './curve.js';
import { explore, type Explored } from './explore.js';
import { type Beside, unscreened, withGeneralEffort } from './general-effort.js';
import { hasTimeToBuild, secondsToConfirm } from './in-time.js';
import type { Looked } from './look-on-all-rows.js';
import { nearestValue } from './nearest.js';
import { burdenOn, inOnePrecision } from './precision.js';
import { firstValue, modelled } from './promote.js';
import { screen, type Screening } from './screen.js';
import { settingsOf } from './settings-of.js';
import { candidatesOf, type Family, type Space } from './space.js';
import type { Split } from './split.js';
import { step } from './step.js';
import { type Reference, type Screened, standInOf } from './subset.js';

/** Indexes that may be compared on the subset. */
const COMPARISONS = 10;
/** Those whose expected work is this many times the least are not told apart by a subset. */
const CLOSE = 1.05;
/** Methods whose expected work differs by less than this factor are not told apart either: buffers of lists grow as they like. */
const UNTOLD = 2;
/** A build that takes so little of that of the best is made, to know. */
const QUICK = 0.25;
/** When what was chosen cannot be built or does not reach the recall, the next has its turn. */
const TRIED = 2;
/**
 * What the last doubling of the rows adds to the logarithm of the knob, and the next ones add: of a stand-in, whose graph is
 * built with less effort on fewer rows, half as much. Over docs-en, smooth-12 and copies-28 the power of the rows was 0.0 to
 * 0.35 from an eighth to all rows, and 0.1 to 0.55 from a sixteenth to an eighth.
 */
const GROWTH = { share: 0.5, least: 0, most: 0.35 };

/**
 * Chooses on a random subset of the rows, so that as a rule one index alone is built on all of them.
 *
 * The control is built on half of the subset and on the whole of it; how its knob grows from the one to the other is
 * extrapolated to all rows. There the others are compared with it, as they are beside a control on all rows. What is
 * expected to do least work is built on all rows; where it does not reach the recall, the next is. Beside it another method is
 * built where a subset does not tell the two apart and its build is quick, as lists are beside a graph.
 *
 * @param most rows of the subset, fewer than all
 * @returns null when no index could be built and measured
 */
export function* lookOnSubset(
  space: Space,
  { most, searchRecall, split }: { readonly most: number; readonly searchRecall: number; readonly split: Split },
): Search<Looked | null> {
  const options = { most, searchRecall, split };
  for (const control of space.families) {
    const growth = yield* step('control', growthOf(space, control, options));
    if (!growth) continue;
    const { reference, sizes } = growth;
    const share = most / space.rows;
    const budget = share * COMPARISONS;
    const reserved = secondsOnAllRows(space, growth.explored, split);
    const compared = screen(space, { control, reference, searchRecall, split, share, budget, reserved });
    const beside = { control, value: reference.value };
    const screening = withGeneralEffort(space, yield* step('subset', compared), { ...beside, split });
    const ranked = rankedOf(space, {
      screening,
      control: { family: control, explored: growth.explored, ratio: 1 },
      beside,
      share,
    });
    const isAlone = screening.screened.length === 0;
    if (isAlone) yield* release(growth.explored.build.key);
    const expectedOf = (one: Screened): number => (isAlone ? reference.value : firstValue(one, []));
    const { explored, built } = yield* step('whole', buildRanked(space, ranked, { ...options, expectedOf }));
    if (explored.length === 0) return null;
    return {
      screening,
      explored,
      unpaid: [],
      choice: { rows: most, control: { spec: control.spec, sizes, expected: reference.value }, built },
    };
  }
  return null;
}

/** Builds the best on all rows, the next where it does not reach the recall, and what is quick to build beside it. */
function* buildRanked(
  space: Space,
  ranked: readonly Screened[],
  {
    searchRecall,
    split,
    expectedOf,
  }: { readonly searchRecall: number; readonly split: Split; readonly expectedOf: (candidate: Screened) => number },
): Search<{ readonly explored: readonly Explored[]; readonly built: SubsetChoice['built'] }> {
  const explored: Explored[] = [];
  const built: SubsetChoice['built'] = [];
  function* build(candidate: Screened): Search<boolean> {
    const { family } = candidate;
    const reserved = secondsToConfirm(space, { explored: [...explored, candidate.explored], split });
    if (!(yield* hasTimeToBuild(space, family.spec, reserved))) return false;
    const expected = expectedOf(candidate);
    const one = yield* explore(space, { family, searchRecall, first: expected, queries: split.search });
    explored.push(one);
    built.push({ spec: family.spec, expected, reached: one.reached?.value ?? null });
    return one.reached !== null;
  }
  for (const candidate of ranked.slice(0, TRIED)) {
    if (!(yield* build(candidate))) continue;
    for (const quick of quickOf(space, ranked, candidate)) yield* build(quick);
    break;
  }
  return { explored, built };
}

/** To build and confirm one index like this on all rows; 0 where the time is not bounded. */
const secondsOnAllRows = (space: Space, explored: Explored, split: Split): number =>
  (space.budget?.buildSeconds({ spec: explored.family.spec, repeat: 0 }) ?? 0) +
  secondsToConfirm(space, { explored: [explored], split });

/** Least expected work first; of what a subset does not tell apart, least of work, storage and build time together. */
function rankedOf(
  space: Space,
  {
    screening,
    control,
    beside,
    share,
  }: {
    readonly screening: Screening;
    readonly control: Screened;
    readonly beside: Beside;
    readonly share: number;
  },
): readonly Screened[] {
  const compared = screening.screened.length > 0 ? screening.screened : [control];
  const alike = inOnePrecision(space, [...compared, ...modelled(space, screening)]);
  const rest = [...alike, ...unscreened(space, alike, beside)].filter(
    (one, _, all) => one.ratio !== Infinity && !isOverrated(one, { all, share }),
  );
  const ranked: Screened[] = [];
  const left = new Set(rest);
  while (left.size > 0) {
    const least = Math.min(...[...left].map(({ ratio }) => ratio));
    const close = [...left].filter(({ ratio }) => ratio <= CLOSE * least);
    const best = close.reduce((a, b) => (burdenOn(space, b) < burdenOn(space, a) ? b : a));
    ranked.push(best);
    left.delete(best);
  }
  return ranked;
}

/**
 * Whether what stands for an index on the subset also stands for one that is built with more effort: a graph takes an
 * ef_construction of 2 · m at least, however small it is.
 */
function isOverrated(
  { family }: Screened,
  { all, share }: { readonly all: readonly Screened[]; readonly share: number },
): boolean {
  const standIn = (one: Family): string => shortHash(standInOf(one, share).spec);
  const effort = ({ spec }: Family): number => Number(spec.parameters['ef_construction'] ?? 0);
  return all.some((other) => standIn(other.family) === standIn(family) && effort(other.family) > effort(family));
}

/** The first of each other method that a subset does not tell from the best, and that takes a fraction of its build. */
function quickOf(space: Space, ranked: readonly Screened[], best: Screened): readonly Screened[] {
  const methodOf = ({ family }: Screened): string => family.spec.method;
  const secondsOf = ({ explored: { build } }: Screened): number =>
    build.seconds / ((build.request.rows ?? space.rows) / space.rows);
  return ranked.filter(
    (one, i) =>
      methodOf(one) !== methodOf(best) &&
      ranked.findIndex((other) => methodOf(other) === methodOf(one)) === i &&
      one.ratio <= UNTOLD * best.ratio &&
      secondsOf(one) <= QUICK * secondsOf(best),
  );
}

interface Growth {
  readonly sizes: SubsetChoice['control']['sizes'];
  /** Where the control is expected to reach the search recall on all rows. */
  readonly reference: Reference;
  /** The control on the subset. */
  readonly explored: Explored;
}

/** Null where the control cannot be built or measured. */
function* growthOf(
  space: Space,
  control: Family,
  { most, searchRecall, split }: { readonly most: number; readonly searchRecall: number; readonly split: Split },
): Search<Growth | null> {
  const candidates = candidatesOf(control, space.workload.k, space.layout);
  if (!candidates) return null;
  const sizes: { readonly rows: number; readonly value: number; readonly reaches: boolean }[] = [];
  let last: Explored | null = null;
  for (const rows of [Math.round(most / 2), most]) {
    const explored: Explored = yield* explore(space, {
      family: standInOf(control, rows / space.rows),
      searchRecall,
      first: sizes.at(-1)?.value ?? Math.max(candidates.knob.default ?? 1, space.workload.k),
      queries: split.search,
      rows,
    });
    const value =
      estimateAt(explored.observations, searchRecall)?.value ??
      explored.observations.reduce<number | null>((a, b) => Math.max(a ?? 0, b.value), null);
    if (value === null) return null;
    sizes.push({ rows, value, reaches: explored.reached !== null });
    if (rows < most) yield* release(explored.build.key);
    last = explored;
  }
  const [half, whole] = sizes as [(typeof sizes)[0], (typeof sizes)[0]];
  const power = GROWTH.share * Math.log2(whole.value / half.value);
  const growth = (space.rows / most) ** Math.min(GROWTH.most, Math.max(GROWTH.least, power));
  const value = nearestValue(candidates.values, whole.value * growth)!;
  const settings = settingsOf(control, candidates, value);
  return {
    sizes,
    reference: { value, settings, recall: searchRecall, queries: split.search.count },
    explored: last!,
  };
}
