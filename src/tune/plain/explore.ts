import { ask, type BuildRecord, type PointRecord, type Search } from '../../results/index.js';
import { estimateAt } from './curve.js';
import { type SettingsFound, findSettings } from './find-settings.js';
import { look, type Observation, type QueryRange, questionOf } from './observe.js';
import { servedValues } from './served-values.js';
import { settingsOf } from './settings-of.js';
import { type Candidates, candidatesOf, type Family, type Space } from './space.js';

/** What became of an index that was built on all rows or on some of them. */
export interface Explored extends SettingsFound {
  readonly family: Family;
  readonly build: BuildRecord;
  readonly candidates: Candidates | undefined;
}

export interface ExploreOptions {
  readonly family: Family;
  /** Mean recall to reach. */
  readonly searchRecall: number;
  /** A value of the knob to begin with. */
  readonly first: number;
  readonly queries: QueryRange;
  /** Rows to build on; undefined: all. */
  readonly rows?: number | undefined;
  /** Cost of the cheapest index that reaches the search recall, in buffers of this one. */
  readonly limit?: number;
}

/** Values as close as this cost nearly the same; on a subset what lies between is interpolated. */
const CLOSE = { whole: 1.15, subset: 1.35 };
/** An index that takes this many times the cheapest's work without coming to the searchRecall is not looked at further. */
const HOPELESS_RATIO = 1.5;

/** Builds an index and finds the least setting that reaches the search recall. */
export function* explore(space: Space, options: ExploreOptions): Search<Explored> {
  const { family, searchRecall, first, queries, rows, limit = Infinity } = options;
  const build = yield* ask(
    'build',
    { spec: family.spec, repeat: 0, ...(rows === undefined ? {} : { rows }) },
    // An index on all rows is what may be recommended.
    rows === undefined ? {} : { orEarlier: true },
  );
  const candidates = candidatesOf(family, space.workload.k, space.layout);
  if (build.status === 'failed' || !candidates) {
    return { family, build, candidates, reached: null, givenUp: null, observations: [], lost: [], served: [] };
  }
  const question = questionOf(space, build, queries);
  const found = yield* findSettings({
    values: candidates.values,
    first,
    searchRecall,
    close: rows === undefined ? CLOSE.whole : CLOSE.subset,
    look: (value) =>
      look(question, {
        settings: settingsOf(family, candidates, value),
        value,
        // Indexes on some of the rows are compared with each other: over the same queries, all of them.
        searchRecall: rows === undefined ? searchRecall : null,
      }),
    left: (values, lost) => servedValues(question, { family, candidates, values, lost }),
    hopeless: ({ buffers }) => buffers > HOPELESS_RATIO * limit,
  });
  return { family, build, candidates, ...found };
}

/** Buffers a query at a recall; Infinity if the index does not reach it. */
export const buffersAt = ({ observations }: Pick<Explored, 'observations'>, recall: number): number =>
  estimateAt(observations, recall)?.buffers ?? Infinity;

/** Every point that was looked at. */
export const pointsOf = ({ observations, lost }: Explored): readonly PointRecord[] => [
  ...observations.flatMap((one: Observation) => one.points),
  ...lost,
];
