import { shortHash } from '../../canonical-json.js';
import { indexKind } from '../../indexes/index.js';
import { estimateAt } from './curve.js';
import type { Explored } from './explore.js';
import type { Goal } from './goal.js';
import type { Screening } from './screen.js';
import type { Family, Space } from './space.js';
import type { Split } from './split.js';
import type { Screened } from './subset.js';

/*
 * What build parameters do to a graph is much the same for all data. A subset of the rows shows what they do to this data,
 * but near a recall of 1 it hardly tells graphs apart: a query or two that find nothing decide there. So what is expected
 * of an index lies between the two, the nearer to the subset the more hits are missing from the recall that it compares at.
 */

/**
 * Standard deviations of the logarithm of a cost: of what holds for all data; of what a subset shows of all rows; and, over
 * the square root of the number of misses, of what a sample of queries shows. The first two are from the grids of
 * `benchmarks/graph-effort.ts`.
 */
const ERROR = { general: 0.09, subset: 0.05, ofMisses: 0.5 };
/** Goals that are reached by touching fewer buffers. */
const IS_WORK: Readonly<Record<Goal, boolean>> = {
  p95: true,
  throughput: true,
  buffers: true,
  index_bytes: false,
  build_seconds: false,
};

/** What others are compared with: the control, and the value of its knob that it needs on all rows, seen or extrapolated. */
export interface Beside {
  readonly control: Family;
  /** Null: it does not come to the recall. */
  readonly value: number | null;
}

/** A control that was looked at on all rows. */
export const besideExplored = ({ family, observations }: Explored, searchRecall: number): Beside => ({
  control: family,
  value: estimateAt(observations, searchRecall)?.value ?? null,
});

/** The logarithm of what an index costs over the control, for all data alike; null: nothing is known of that. */
type General = (family: Family) => number | null;

function generalOf(space: Space, { control: { spec }, value }: Beside): General {
  const { effort } = indexKind(spec.method);
  if (!effort || value === null || !IS_WORK[space.target.minimise]) return () => null;
  const depth = Math.log2(value / space.workload.k);
  return ({ spec: other }) =>
    other.method === spec.method ? effort(other.parameters, depth) - effort(spec.parameters, depth) : null;
}

/** What was compared on the subset, with what is expected of it on all rows by both. */
export function withGeneralEffort(
  space: Space,
  screening: Screening,
  { split, ...beside }: Beside & { readonly split: Split },
): Screening {
  const general = generalOf(space, beside);
  const misses = Math.max(1, (1 - screening.recall) * space.workload.k * split.search.count);
  const variance = ERROR.subset ** 2 + ERROR.ofMisses ** 2 / misses;
  const weight = variance / (variance + ERROR.general ** 2);
  const { representation } = beside.control.spec;
  const expected = ({ family, ratio }: Screened): number => {
    const prior = general(family);
    if (prior === null || ratio === Infinity) return ratio;
    return Math.exp((1 - weight) * Math.log(ratio) + weight * prior);
  };
  const twins = new Map(
    screening.screened.flatMap((one) =>
      one.family.spec.representation === representation ? [[shortHash(unstored(one.family)), one] as const] : [],
    ),
  );
  return {
    ...screening,
    screened: screening.screened.map((one) => {
      if (one.family.spec.representation === representation) return { ...one, ratio: expected(one) };
      // What is stored otherwise keeps its cost over its twin: that the subset shows.
      const twin = twins.get(shortHash(unstored(one.family)));
      return twin && twin.ratio !== Infinity ? { ...one, ratio: (one.ratio / twin.ratio) * expected(twin) } : one;
    }),
  };
}

const unstored = ({ spec }: Family) => ({ method: spec.method, parameters: spec.parameters });

/**
 * Indexes of the control's method that were not built on the subset, with what is expected of them for all data alike.
 *
 * @param screened in one precision
 */
export function unscreened(space: Space, screened: readonly Screened[], beside: Beside): readonly Screened[] {
  const general = generalOf(space, beside);
  // The control, or the same in the precision that all are built in.
  const like = screened.find(({ family }) => shortHash(unstored(family)) === shortHash(unstored(beside.control)));
  if (!like) return [];
  const known = new Set(screened.map(({ family }) => shortHash(family.spec)));
  return space.families.flatMap((family) => {
    const prior = general(family);
    const isAlike = family.spec.representation === like.family.spec.representation;
    if (prior === null || !isAlike || known.has(shortHash(family.spec))) return [];
    return [{ family, explored: like.explored, ratio: like.ratio * Math.exp(prior) }];
  });
}
