import { confidenceOfEach } from '../../analysis/index.js';
import type { Search, TuneAnswer } from '../../results/index.js';
import { meets } from '../common/constraints.js';
import { conclude } from './conclude.js';
import { reachingOnAverage } from './confidence-price.js';
import { confirm } from './confirm.js';
import { type Evidence, type ExactScan, isShown, toCandidates } from './evidence.js';
import { exactScan, exactScanAlone } from './exact-scan.js';
import { explore } from './explore.js';
import { finish } from './finish.js';
import { hasTimeToBuild, isInTime, secondsToConfirm } from './in-time.js';
import { neededBytes } from './infeasible.js';
import { lookOnAllRows } from './look-on-all-rows.js';
import { lookOnSubset } from './look-on-subset.js';
import { proveBuilds } from './prove-builds.js';
import { prune, type Pruned } from './prune.js';
import { pickBest, tieBreakOf } from './recommend.js';
import { isTested, settle, type Settled } from './settle.js';
import type { Family, Space } from './space.js';
import { searchRecallFor, splitQueries } from './split.js';
import { step } from './step.js';

/**
 * Finds the cheapest index and settings that meet the target, in about three builds on all rows:
 *
 * 1. what the models rule out is not built; where the exact scan is quick enough nothing is;
 * 2. pgvector's default index is built, the control, and the setting found that reaches the recall;
 * 3. other indexes are compared with it on a random subset of the rows, at the same point of operation, and by
 *    what build parameters do to any data;
 * 4. the most promising are built on all rows, for as long as what the next one may save is worth a build;
 * 5. the validation queries show the recall of each, and the best, the defaults and the cheapest that reaches the recall
 *    on average are measured side by side.
 *
 * With a budget of rows, a subset chooses and one index is built on all of them in the place of 2, 3 and 4.
 *
 * Models and subsets choose what to look at. What is recommended rests on points of the whole table alone.
 *
 * @param measureWrites false where other workloads are tuned on the table afterwards: rows that are inserted leave dead
 *   rows, even if they are rolled back
 */
export function* tune(
  space: Space,
  { measureWrites = true }: { readonly measureWrites?: boolean } = {},
): Search<TuneAnswer> {
  const split = splitQueries(space.queries);
  const searchRecall = searchRecallFor(space.target, split.validation.count);
  const { kept, pruned } = prune(space);
  const exact = yield* step('exact', exactScan(space));
  if (exact.sufficient) return conclude(space, evidenceOf(space, { exact, pruned }));

  const most = space.rowsBudget;
  const among: Space = { ...space, families: kept };
  const looked =
    most !== null && most < space.rows
      ? yield* lookOnSubset(among, { most, searchRecall, split })
      : yield* lookOnAllRows(among, { searchRecall, split });
  if (!looked) {
    const alone = space.budget ? yield* exactScanAlone(space, exact) : exact;
    return conclude(space, evidenceOf(space, { exact: alone, pruned }));
  }
  const { screening } = looked;
  const explored = [...looked.explored];
  // Every index that may be chosen is too large: what the bound would have to be, only a build tells.
  const isRuledOut = kept.every(({ isControlOnly }) => isControlOnly);
  const tooLarge = isRuledOut ? tooLargeOf(pruned) : [];
  const tested = explored.filter(isTested).length + tooLarge.length;
  const each: Space = {
    ...space,
    target: { ...space.target, confidence: confidenceOfEach(space.target.confidence, tested) },
  };
  const settled: Settled[] = [];
  for (const one of explored) {
    settled.push(yield* step('recall', settle(each, { explored: one, searchRecall, split })));
  }
  for (const family of tooLarge) {
    if (!(yield* hasTimeToBuild(space, family.spec, secondsToConfirm(space, { explored, split, more: 1 })))) continue;
    const asked = { family, searchRecall, first: space.workload.k, queries: split.search };
    const one = yield* step('recall', explore(space, asked));
    explored.push(one);
    const found = yield* step('recall', settle(each, { explored: one, searchRecall, split }));
    settled.push(found);
    if (found.point) break;
  }
  const onAverage = isInTime(space, 'confidence-price', 0, secondsToConfirm(space, { explored, split }))
    ? yield* step('recall', reachingOnAverage(each, { settled, split }))
    : [];
  const unbuilt = [...pruned, ...looked.unpaid].filter(({ family }) => !explored.some((one) => one.family === family));

  const confirmable = { exact, pruned: unbuilt, screening, explored, settled, onAverage, split };
  const evidence = yield* step('compare', confirm(each, confirmable));
  const ranked = pickBest(
    evidence.candidates.filter((candidate) => isShown(candidate, evidence) && meets(candidate, each.target)),
    space.target.minimise,
    tieBreakOf(space),
  );
  const repeated = yield* step('compare', proveBuilds(each, { ranked, explored, known: evidence.candidates }));
  const answer = conclude(each, { ...evidence, ranked, repeated, tested, asked: space.target });
  const finished = yield* step('finish', finish(space, answer, { evidence, repeated, measureWrites }));
  const choice = looked.choice ? { subsetChoice: looked.choice } : {};
  return { ...answer, ...choice, ...finished };
}

/** How many indexes that are too large are built, where all of them are. */
const MOST_TOO_LARGE = 4;

/** What the bound on size ruled out, the smallest first. */
const tooLargeOf = (pruned: readonly Pruned[]): readonly Family[] =>
  pruned
    .flatMap((one) => {
      const bytes = neededBytes(one, 'index_size');
      return bytes === null ? [] : [{ family: one.family, bytes }];
    })
    .toSorted((a, b) => a.bytes - b.bytes)
    .slice(0, MOST_TOO_LARGE)
    .map(({ family }) => family);

function evidenceOf(
  space: Space,
  { exact, pruned }: { readonly exact: ExactScan; readonly pruned: readonly Pruned[] },
): Evidence {
  const builds = new Map([[exact.build.key, exact.build]]);
  const candidates = toCandidates(exact.points.slice(-1), builds);
  return {
    exact,
    pruned,
    screening: { rows: null, recall: space.target.recall, screened: [] },
    explored: [],
    settled: [],
    onAverage: [],
    candidates,
    confirmed: exact.points,
    baselines: [],
    builds,
    ranked: exact.sufficient || space.budget ? candidates.filter((one) => meets(one, space.target)) : [],
    repeated: [],
    tested: 0,
    asked: space.target,
  };
}
