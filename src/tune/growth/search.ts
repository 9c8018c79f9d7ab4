import { guessKnob } from '../../analysis/index.js';
import { indexKind, recallKnob } from '../../indexes/index.js';
import { ask, type CapacityAnswer, release, type Search, type SustainedRate } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { explore, type Explored } from '../plain/explore.js';
import { pointRequest, type QueryRange } from '../plain/observe.js';
import { settingsOf } from '../plain/settings-of.js';
import type { Space } from '../plain/space.js';
import { applyLoads } from '../common/loads.js';

/** Shares of the rows that an index is built on, and all of them. Each is a part of the next. */
const SHARES = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1] as const;
/** On fewer rows an index is no likeness of a large one. */
const FEWEST_ROWS = 1000;
/** The knob's value at a recall grows with about this power of the rows (0.19 to 0.39 where it was measured): where to begin. */
const KNOB_POWER = 0.3;

/**
 * Measures how an index grows: on random subsets of the rows, from the smallest to all, it is built, the value of its
 * recall knob that reaches the recall is found, and a point is measured there. On all rows also with cold caches and under
 * load, where the plan has some.
 */
export function* growth(space: Space, spec: IndexSpec): Search<CapacityAnswer> {
  const queries: QueryRange = { from: 0, count: space.queries };
  const sizes: CapacityAnswer['sizes'] = [];
  let cold: string | null = null;
  const sustainedRates: SustainedRate[] = [];
  for (const share of SHARES) {
    const rows = Math.round(space.rows * share);
    if (share < 1 && rows < FEWEST_ROWS) continue;
    const before = sizes.at(-1);
    const explored = yield* explore(space, {
      family: {
        spec: { ...spec, parameters: { ...indexKind(spec.method).ofSize(spec.parameters, share) } },
        knobValues: null,
      },
      searchRecall: space.target.recall,
      first: before?.knob ? before.knob * (rows / before.rows) ** KNOB_POWER : firstValue(space, spec),
      queries,
      ...(share === 1 ? {} : { rows }),
    });
    const { build } = explored;
    const knob = knobAt(explored, space.target.recall);
    const settings = knob === null ? null : settingsAt(explored, knob);
    const question = { build, workload: space.workload, queries, cache: space.cache };
    const point = settings && (yield* ask('point', pointRequest(question, settings, 'confirm')));
    const isLowest = knob !== null && knob <= (explored.candidates?.values[0] ?? 0);
    sizes.push({ rows, build: build.key, knob, isLowest, point: point?.measured ? point.key : null });
    if (share === 1 && point?.measured && settings) {
      if ((build.index?.bytes ?? 0) < space.coldBytes) {
        const request = pointRequest({ ...question, cache: 'cold' }, settings, 'confirm');
        cold = (yield* ask('point', request)).key;
      }
      const found = space.loads && (yield* applyLoads(point.request, space.loads));
      if (found) sustainedRates.push(found);
    }
    yield* release(build.key);
  }
  return { kind: 'capacity', spec, recall: space.target.recall, sizes, cold, sustainedRates };
}

const firstValue = (space: Space, { method }: IndexSpec): number =>
  Math.max(space.workload.k, recallKnob(indexKind(method))?.default ?? 1);

/** Between the values that were looked at: what reaches the recall and what misses it differ by a third on a subset. */
function knobAt({ reached, observations, candidates }: Explored, recall: number): number | null {
  if (!reached) return null;
  const seen = observations.map(({ value, recall: mean, queries }) => ({ knob: value, recall: mean, queries }));
  const least = candidates?.values[0] ?? 1;
  return Math.min(reached.value, Math.max(least, guessKnob(seen, recall)));
}

const settingsAt = ({ family, candidates }: Explored, knob: number) =>
  candidates ? settingsOf(family, candidates, Math.round(knob)) : null;
