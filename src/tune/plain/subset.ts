import { shortHash } from '../../canonical-json.js';
import { indexKind, numberOf, recallKnob } from '../../indexes/index.js';
import { ask, release, type Search } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { probit, shiftRecall } from './curve.js';
import { explore, type Explored } from './explore.js';
import { relativeCost } from './goal.js';
import { look, type Observation, questionOf } from './observe.js';
import type { Split } from './split.js';
import type { Family, Space } from './space.js';

/** An index that was built on some of the rows, to be compared with the control there. */
export interface Screened {
  readonly family: Family;
  /** What was seen; of the index that stands for the family on a subset. */
  readonly explored: Explored;
  /** Its cost over the control's at the same recall, as it is expected on all rows; Infinity: it does not come there. */
  readonly ratio: number;
}

/** Where an index reaches a recall on all rows: seen there, or extrapolated. */
export type Reference = Pick<Observation, 'value' | 'settings' | 'recall' | 'queries'>;

/** A random subset of the rows on which indexes are compared with the control. */
export interface Subset {
  readonly rows: number;
  /** Recall at which they are compared. */
  readonly recall: number;
  /** The control, compared with itself. */
  readonly control: Screened;
  /** Builds on all rows that the builds on the subset come to. */
  readonly spent: () => number;
  readonly compare: (family: Family) => Search<Screened>;
  readonly close: () => Search<void>;
}

/** Hits that must be missing for a recall to be told from 1. */
const LEAST_MISSES = 15;
/**
 * Work at the same point of operation, from what stands for an index on a subset to the index, grows with this power of the
 * rows: of lists, with less for each doubling of their number beyond the square root of the rows (fitted to docs-en,
 * smooth-12 and copies-28, four numbers of lists each, at recalls of 0.90 to 0.99).
 */
const GROWTH = { graph: 0.1, lists: { ofRoot: 0.52, perDoubling: -0.11 }, other: 0.3 };

function growthOf({ method, parameters }: IndexSpec, rows: number): number {
  if (method === 'hnsw') return GROWTH.graph;
  if (method !== 'ivfflat') return GROWTH.other;
  const root = Math.sqrt(rows);
  const { ofRoot, perDoubling } = GROWTH.lists;
  return Math.max(0, ofRoot + perDoubling * Math.log2(numberOf(parameters, 'lists', root) / root));
}

/**
 * Builds the control on a random subset of the rows, to compare others with it at the point of operation of the whole:
 * with the control's setting that reaches the search recall on all rows, the subset's control has a recall; what the others pay
 * for that recall there, over what the control pays, is what they are expected to pay on all rows. (Compared at the searchRecall
 * itself they would run at the least setting that returns k rows, where they do not differ.)
 *
 * @param control its family
 * @param reference what the control does on all rows at the setting that reaches the search recall
 * @param share of the rows
 * @returns null when the control cannot be built or measured
 */
export function* openSubset(
  space: Space,
  options: {
    readonly control: Family;
    readonly reference: Reference;
    readonly searchRecall: number;
    readonly split: Split;
    readonly share: number;
  },
): Search<Subset | null> {
  const { control, reference, searchRecall, split, share } = options;
  const rows = Math.round(space.rows * share);
  const queries = split.search;
  const most = 1 - LEAST_MISSES / (space.workload.k * queries.count);
  const goal = space.target.minimise;

  const builtOn = (family: Family): Family => standInOf(family, share);
  // The control at the setting that it has on all rows: how much easier the subset is.
  const build = yield* ask('build', { spec: builtOn(control).spec, repeat: 0, rows }, { orEarlier: true });
  if (build.status === 'failed') return null;
  const question = questionOf(space, build, queries);
  const there = yield* look(question, { ...reference, searchRecall: null });
  if (there.status === 'lost') return null;
  const easier = probit(there.observation.recall, queries.count) - probit(reference.recall, reference.queries);
  const recall = Math.min(most, shiftRecall(searchRecall, easier));
  const base = yield* explore(space, {
    family: builtOn(control),
    searchRecall: recall,
    first: reference.value,
    queries,
    rows,
  });

  // What stands for an index on a subset may stand for another, too.
  const standIns = new Map([[shortHash(base.family.spec), base]]);
  function* standIn(family: Family): Search<Explored> {
    const known = standIns.get(shortHash(family.spec));
    if (known) return known;
    const first = firstGuess(family.spec, { like: base.family.spec, value: base.reached?.value ?? reference.value });
    const explored = yield* explore(space, { family, searchRecall: recall, first, queries, rows });
    standIns.set(shortHash(family.spec), explored);
    yield* release(explored.build.key);
    return explored;
  }

  return {
    rows,
    recall,
    control: { family: control, explored: base, ratio: 1 },
    spent: () => standIns.size * share,
    *compare(family) {
      const explored = yield* standIn(builtOn(family));
      const growth = growthOf(family.spec, space.rows) - growthOf(control.spec, space.rows);
      const seen = relativeCost(goal, { one: { ...explored, family }, other: base, recall, size: space });
      const grown = goal === 'index_bytes' || goal === 'build_seconds' ? seen : seen * share ** -growth;
      return { family, explored, ratio: Number.isNaN(grown) ? Infinity : grown };
    },
    *close() {
      yield* release(base.build.key);
    },
  };
}

/** What stands for an index on a share of the rows. */
export const standInOf = (family: Family, share: number): Family => ({
  ...family,
  spec: { ...family.spec, parameters: { ...indexKind(family.spec.method).ofSubset(family.spec.parameters, share) } },
});

/** A value of the knob to begin with; of another method than that of `like`, a tenth of the lists. */
function firstGuess(spec: IndexSpec, { like, value }: { readonly like: IndexSpec; readonly value: number }): number {
  const kind = indexKind(spec.method);
  if (spec.method === like.method) return kind.sameRecall(value, { from: like.parameters, to: spec.parameters });
  // Of a method without a model nothing is known but what its authors begin with.
  if (kind.model === null) return recallKnob(kind, spec.parameters)?.default ?? value;
  return numberOf(spec.parameters, 'lists', value) / 10;
}
