import { canonicalJson } from '../../canonical-json.js';
import type { Place as SearchPlace } from '../../progress.js';
import {
  ask,
  askTogether,
  at,
  type BuildRecord,
  type FilterAnswer,
  type FilteredAnswer,
  type Measured,
  type PagesRequest,
  type PointRecord,
  type PointRequest,
  release,
  type Search,
} from '../../results/index.js';
import type { FilteredCase } from '../../workloads/index.js';
import type { Goal } from '../plain/goal.js';
import type { Place } from '../common/cheapest-settings.js';
import { type Budget, hasTime } from '../common/budget.js';
import { medianMs, pagesOf } from '../common/constraints.js';
import { secondsToBuild } from '../common/time-to-build.js';
import { buildsOf, type Candidate, candidatesOf, lastUses, limitOf, nameOf } from './candidates.js';
import { findChanges } from './changes.js';
import { withClassThreshold } from './class-threshold.js';
import { type Concluded, concludeCase, concludeRows } from './conclude.js';
import { type Exploration, exploreCandidate, type Memory, workOf } from './explore.js';
import type { Explored } from './explored.js';
import type { FilteredSpace } from './space.js';

/** Of the time that the quickest filter so far took, a further one needs this share, as a rule. */
const ONE_OF_MORE = 0.5;
/** Work beyond this many times the best is not looked at again, unless fewer pages say that it was a bad moment. */
const FINAL_RATIO = 2;
/**
 * Finds the cheapest strategy, and its cheapest settings, for each filter. Exact strategies come first: they always
 * reach the target, and bound what an approximate one may cost. What is worth it is then measured side by side.
 *
 * Indexes over the whole table serve all filters. Those that are made for a filter's values go when no later filter
 * needs the same, unless they are the best of some filter: what they add to an INSERT is still to be asked.
 */
export function* tuneFiltered(space: FilteredSpace): Search<FilteredAnswer> {
  const builds = new Map<string, BuildRecord>();
  const places = new Map<string, Place>();
  const lastUse = lastUses(space);
  const concluded: Concluded[] = [];
  const allBuilds = new Map<string, BuildRecord>();

  const { budget } = space;
  const cells = cellsOf(space);
  let shortest = Infinity;
  for (const [number, asked] of space.cases.entries()) {
    const left = budget?.left() ?? Infinity;
    // Only the last filters can be left out: each has its share of the time. The first does what is done once, too.
    if (budget && number > 0 && (left === 0 || left < ONE_OF_MORE * shortest)) {
      budget.omit({ code: 'filter', data: { name: asked.name, cell: asked.cell } });
      continue;
    }
    const own = { ...space, budget: budget?.part(1 / (space.cases.length - number)) };
    concluded.push(yield* exploreCase(own, asked, { builds, places, allBuilds }, cells));
    shortest = Math.min(shortest, left - (budget?.left() ?? 0));
    const kept = new Set(concluded.flatMap(({ answer }) => buildsOfBest(answer)));
    for (const [request, build] of builds) {
      // What was not foreseen was chosen by what this filter's strategies took.
      const last = lastUse.get(request) ?? number;
      if (!build.request.placement || last > number || kept.has(build.key)) continue;
      yield* release(build.key);
      builds.delete(request);
    }
  }
  if (budget?.left() === 0) {
    if (concluded.length > 1) budget.omit({ code: 'crossovers', data: {} });
    return concludeRows(space, concluded, []);
  }
  return concludeRows(space, concluded, yield* findChanges(concluded, allBuilds));
}

/** Every strategy for every filter, one after the other. */
export const cellsOf = (space: FilteredSpace): readonly Cell[] =>
  space.cases.flatMap((asked) => [
    ...candidatesOf(space, asked).map((candidate): Cell => ({ asked, candidate })),
    { asked, candidate: null },
  ]);

interface Cell {
  readonly asked: FilteredCase;
  /** Null: the best of the filter are measured side by side. */
  readonly candidate: Candidate | null;
}

/** Where a search is. */
export const placeOf = ({ asked: { name, cell }, candidate }: Cell, number: number, of: number): SearchPlace => ({
  code: 'filtered',
  data: {
    number,
    of,
    name,
    cell,
    strategy: candidate && { name: candidate.strategy.name, spec: candidate.spec },
  },
});

/** Keys of the builds of a filter's best option. */
export const buildsOfBest = ({ options, best }: FilterAnswer): readonly string[] =>
  best === null ? [] : options[best]!.builds;

function* exploreCase(
  space: FilteredSpace,
  asked: FilteredCase,
  memory: Memory,
  cells: readonly Cell[],
): Search<Concluded> {
  const { budget } = space;
  const { minimise } = space.target;
  const first = cells.findIndex((cell) => cell.asked === asked);
  const omitted: { strategy: string; method: string }[] = [];
  const explored: Explored[] = [];
  let best: Measured | null = null;
  let today: PointRecord | null = null;
  for (const [i, candidate] of candidatesOf(space, asked).entries()) {
    const place = placeOf({ asked, candidate }, first + i + 1, cells.length);
    const put = withClassThreshold(asked, candidate.strategy.name, { explored, today: today?.measured ?? null });
    if (asked.cell !== null && space.seldom.includes(candidate.strategy.name)) {
      // Where sorting all rows that match is quicker than a graph of just these rows, a partition is no quicker either.
      if (isExactBest(explored, minimise) || memory.places.has(nameOf(candidate))) continue;
    }
    // The first is exact, and takes no index of the vectors: an answer there always is.
    if (i > 0 && budget && limitOf(candidate, put) === null) {
      const seconds = yield* at(place, secondsFor(space, { asked: put, candidate, memory, best, budget }));
      if (!hasTime(budget, seconds, secondsToConfirm(explored))) {
        omitted.push({ strategy: candidate.strategy.name, method: candidate.spec.method });
        continue;
      }
    }
    const found: Exploration = yield* at(place, exploreCandidate(space, { asked: put, candidate, memory, best }));
    explored.push(found.explored);
    const { option, measured } = found.explored;
    const isReached = option.outcome === 'reaches' && measured !== null;
    if (isReached && (!best || workOf(minimise, measured) < workOf(minimise, best))) best = measured;
    if (candidate.strategy.name === 'post-filter' && candidate.spec === space.specs[0]) today = found.tried[0] ?? null;
  }
  const competes = (measured: Measured | null): boolean =>
    measured !== null &&
    best !== null &&
    // What indexes take themselves is known, and no reason to leave one out.
    (minimise === 'index_bytes' ||
      minimise === 'build_seconds' ||
      workOf(minimise, measured) <= FINAL_RATIO * workOf(minimise, best) ||
      pagesOf(measured) <= pagesOf(best));
  const finals = explored.flatMap(({ final, measured }) => (final && competes(measured) ? [final] : []));
  if (omitted.length > 0) {
    budget?.omit({ code: 'filter-strategies', data: { name: asked.name, cell: asked.cell, strategies: omitted } });
  }
  const side = placeOf({ asked, candidate: null }, first + candidatesOf(space, asked).length + 1, cells.length);
  const timed = inTime(finals, explored, budget);
  const confirmed = timed.length > 0 ? yield* at(side, askTogether('point', timed)) : [];
  const [queries, of] = [samplesOf(timed), samplesOf(finals)];
  if (queries < of) budget?.omit({ code: 'filter-queries', data: { name: asked.name, cell: asked.cell, queries, of } });
  const concluded = concludeCase(space, asked, { explored, finals, confirmed, today, builds: memory.allBuilds });
  const request = pagesRequest(concluded);
  if (request === null || budget?.left() === 0) return concluded;
  const { key } = yield* at(side, ask('pages', request));
  return { ...concluded, answer: { ...concluded.answer, pages: key } };
}

/** Queries that are read on with: each asks as many statements as there are pages, twice. */
const WALKS = 100;

/** All pages at the settings that were chosen for the last one; null where no page is asked for, or none reaches the target. */
function pagesRequest({ best }: Concluded): PagesRequest | null {
  if (best === null) return null;
  const { build, beside, workload, settings, queries } = best.point.request;
  if (workload.kind !== 'filtered' || !workload.returns || !('page' in workload.returns)) return null;
  return { build, ...(beside ? { beside } : {}), workload, settings, queries: Math.min(WALKS, queries) };
}

/** A strategy is asked so many times until its settings are found, as a rule; each time takes this beside its queries. */
const LOOKS = 4;
const SECONDS_BESIDE = 0.3;

/** Seconds that looking at a candidate may take: the builds that there are not yet, and queries as slow as the best. */
function* secondsFor(
  space: FilteredSpace,
  {
    asked,
    candidate,
    memory,
    best,
    budget,
  }: {
    readonly asked: FilteredCase;
    readonly candidate: Candidate;
    readonly memory: Memory;
    readonly best: Measured | null;
    readonly budget: Budget;
  },
): Search<number> {
  let seconds = LOOKS * ((asked.question.queries.size * (best ? medianMs(best) : 0)) / 1000 + SECONDS_BESIDE);
  for (const request of buildsOf(candidate, asked)) {
    if (memory.builds.has(canonicalJson(request))) continue;
    seconds += yield* secondsToBuild(budget, request, space.rows);
  }
  return seconds;
}

/** Timed round trips that a figure rests on, at least. */
const LEAST_SAMPLES = 20;

/** What is measured side by side, with fewer timed queries where there is no time for all; what shows a recall is asked all. */
function inTime(
  finals: readonly PointRequest[],
  explored: readonly Explored[],
  budget: Budget | undefined,
): readonly PointRequest[] {
  const seconds = secondsToConfirm(explored.filter(({ final }) => final !== null && finals.includes(final)));
  if (hasTime(budget, seconds)) return finals;
  const share = (budget?.left() ?? 0) / seconds;
  const fewer = (count: number): number => Math.min(count, Math.max(LEAST_SAMPLES, Math.floor(share * count)));
  const isExact = (request: PointRequest): boolean =>
    explored.some(({ final, strategy }) => final === request && !strategy.isApproximate);
  return finals.map((request) => ({
    ...request,
    ...(request.samples === undefined ? {} : { samples: fewer(request.samples) }),
    ...(isExact(request) ? { queries: fewer(request.queries) } : {}),
  }));
}

const samplesOf = (requests: readonly PointRequest[]): number =>
  Math.min(...requests.map(({ samples = 0, queries }) => Math.max(samples, queries)));

/** Seconds that measuring side by side takes: the timed round trips, and as many to warm up. */
const secondsToConfirm = (explored: readonly Explored[]): number =>
  explored.reduce((sum, { final, measured }) => {
    if (!final || !measured) return sum;
    const roundTrips = 2 * Math.max(final.samples ?? 0, final.queries);
    return sum + (roundTrips * medianMs(measured)) / 1000 + SECONDS_BESIDE;
  }, 0);

/** Whether the quickest that reaches the target so far is an exact strategy, although approximate ones were looked at. */
function isExactBest(explored: readonly Explored[], goal: Goal): boolean {
  const reaching = explored.filter(({ option }) => option.outcome === 'reaches');
  const work = ({ measured }: Explored): number => (measured ? workOf(goal, measured) : Infinity);
  const best = reaching.toSorted((a, b) => work(a) - work(b))[0];
  return best !== undefined && !best.strategy.isApproximate;
}
