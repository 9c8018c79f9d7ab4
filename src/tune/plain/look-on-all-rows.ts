import type { Search, SubsetChoice } from '../../results/index.js';
import { explore, type Explored } from './explore.js';
import { besideExplored, withGeneralEffort } from './general-effort.js';
import { promote } from './promote.js';
import { hasTimeToBuild, secondsToConfirm } from './in-time.js';
import type { Pruned } from './prune.js';
import { screen, type Screening } from './screen.js';
import { candidatesOf, type Family, type Space } from './space.js';
import type { Split } from './split.js';
import { step } from './step.js';

/** What was looked at before anything is tested. */
export interface Looked {
  readonly screening: Screening;
  /** Indexes on all rows. */
  readonly explored: readonly Explored[];
  /** Those that were not built on all rows because their builds do not pay. */
  readonly unpaid: readonly Pruned[];
  /** What a subset chose and was expected of it; null where it did not choose alone. */
  readonly choice: SubsetChoice | null;
}

/** Builds on all rows that a comparison on a subset may come to; a coarse subset needs a few more. */
const BUDGET = { least: 0.75, comparisons: 5 };
/** A subset holds at least so many rows: with fewer, graphs are too shallow to be compared. */
const LEAST_ROWS = 1000;
/** The share of the rows that indexes are compared on. */
export const subsetShare = (rows: number): number => [1 / 8, 1 / 4, 1 / 2].find((s) => rows * s >= LEAST_ROWS) ?? 1 / 4;

/**
 * Builds pgvector's default index on all rows, the control; compares others with it on a subset, at the control's own point
 * of operation; and builds the most promising on all rows.
 *
 * @returns null when no index could be built and measured
 */
export function* lookOnAllRows(
  space: Space,
  { searchRecall, split }: { readonly searchRecall: number; readonly split: Split },
): Search<Looked | null> {
  const control = yield* step('control', exploreControl(space, { searchRecall, split }));
  if (!control) return null;
  const share = subsetShare(space.rows);
  const compared = screen(space, {
    control: control.family,
    reference: control.reached ?? control.observations.toSorted((a, b) => a.value - b.value).at(-1),
    searchRecall,
    split,
    share,
    budget: Math.max(BUDGET.least, BUDGET.comparisons * share),
    // What is compared is of use where one more index can be built on all rows.
    reserved: control.build.seconds + secondsToConfirm(space, { explored: [control], split, more: 1 }),
  });
  const screening = withGeneralEffort(space, yield* step('subset', compared), {
    ...besideExplored(control, searchRecall),
    split,
  });
  const { promoted, unpaid } = yield* step('whole', promote(space, { control, screening, searchRecall, split }));
  return { screening, explored: [control, ...promoted], unpaid, choice: null };
}

/** Of the time that is left before anything is known of an index: for what comes after its build. */
const RESERVED = 0.15;

/** The first index that can be built: pgvector's default, wherever it is allowed. */
function* exploreControl(
  space: Space,
  { searchRecall, split }: { readonly searchRecall: number; readonly split: Split },
): Search<Explored | null> {
  let tried: Explored | null = null;
  for (const family of inTurn(space)) {
    const reserved = space.budget ? RESERVED * space.budget.left() : 0;
    if (!(yield* hasTimeToBuild(space, family.spec, reserved))) continue;
    const knob = candidatesOf(family, space.workload.k, space.layout)?.knob;
    tried = yield* explore(space, {
      family,
      searchRecall,
      first: Math.max(knob?.default ?? 1, 10),
      queries: split.search,
    });
    if (tried.build.status === 'ok' && tried.observations.length > 0) return tried;
  }
  return tried;
}

/** Where there may be no time for the first, the quickest to build of each method comes after it. */
function inTurn({ families, budget }: Space): readonly Family[] {
  const [first, ...others] = families;
  if (!budget || !first) return families;
  const quickest = new Map<string, Family>();
  for (const family of others) {
    const { method } = family.spec;
    const known = quickest.get(method);
    if (!known || parametersOf(family) < parametersOf(known)) quickest.set(method, family);
  }
  return [first, ...quickest.values()];
}

/** The product of the build parameters, which the time of a build grows with. */
const parametersOf = ({ spec }: Family): number =>
  Object.values(spec.parameters).reduce<number>((product, value) => product * (Number(value) || 1), 1);
