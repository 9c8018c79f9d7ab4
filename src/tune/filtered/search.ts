import { canonicalJson } from '../../canonical-json.js';
import {
  planInstead,
  ask,
  askTogether,
  type BuildRecord,
  type BuildRequest,
  type FilterAnswer,
  type FilteredAnswer,
  type FilterOption,
  type Measured,
  type PointRecord,
  type PointRequest,
  release,
  type Search,
} from '../../results/index.js';
import { indexKind } from '../../indexes/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import { type FilteredCase, type FilteredStrategy, filteredStrategy } from '../../workloads/index.js';
import { cheapestSettings, type Found, type Place } from '../shared/cheapest-settings.js';
import { medianMs, pagesOf, reachesRecall } from '../shared/constraints.js';
import { concludeCase, concludeRows } from './conclude.js';
import { laddersOf } from './ladders.js';
import { EXACT, type FilteredSpace } from './space.js';

/** A strategy on one kind of vector index. */
interface Candidate {
  readonly strategy: FilteredStrategy;
  readonly spec: IndexSpec;
}

/** What became of a candidate before the finalists were measured side by side. */
export interface Explored extends Candidate {
  readonly option: FilterOption;
  /** Asked again, in the final comparison; null: not worth it. */
  readonly final: PointRequest | null;
  /** At the settings of the option; null when there are no figures. */
  readonly measured: Measured | null;
}

/** Medians beyond this many times the best are not looked at again, unless fewer pages say that it was a bad moment. */
const FINAL_RATIO = 2;
/**
 * A strategy that takes this many times the best one's median, and misses the target, is not looked at further; on the
 * first index only if it touches as many times its pages, too.
 */
const HOPELESS_RATIO = { firstIndex: 3, otherIndexes: 1.5 };
/** What is exact needs no queries to show its recall. */
const EXACT_QUERIES = 50;
/** Enough for a median that is some times too high. */
const PROBE_QUERIES = 20;

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
  const filters: FilterAnswer[] = [];
  const records: PointRecord[] = [];

  for (const [number, asked] of space.cases.entries()) {
    const { answer, points } = yield* exploreCase(space, asked, { builds, places });
    filters.push(answer);
    records.push(...points);
    const kept = new Set(filters.flatMap(buildsOfBest));
    for (const [request, last] of lastUse) {
      const build = builds.get(request);
      if (last !== number || !build || kept.has(build.key)) continue;
      yield* release(build.key);
      builds.delete(request);
    }
  }
  return concludeRows(space, filters, new Map(records.map((point) => [point.key, point])));
}

/** Keys of the builds of a filter's best option. */
export const buildsOfBest = ({ options, best }: FilterAnswer): readonly string[] =>
  best === null ? [] : options[best]!.builds;

/** Exact strategies, then those on the first kind of index, then what can be had from the others without more indexes. */
function candidatesOf(space: FilteredSpace, { cell, question }: FilteredCase): readonly Candidate[] {
  const correlations = space.cases.flatMap((other) => (other.cell ? [Math.abs(other.cell.correlation)] : []));
  const isSkipped = (name: string): boolean =>
    cell !== null && space.seldom.includes(name) && Math.abs(cell.correlation) > Math.min(...correlations);
  const chosen = space.strategies
    .filter((name) => !isSkipped(name))
    .toSorted((a, b) => rankOf(a) - rankOf(b))
    .map(filteredStrategy);
  const exact = chosen.filter(({ isApproximate }) => !isApproximate).map((strategy) => ({ strategy, spec: EXACT }));
  const approximate = chosen.filter(({ isApproximate }) => isApproximate);
  const [first, ...others] = space.specs;
  if (!first) return exact;
  /** Whether its one vector index serves every filter. */
  const isGeneral = ({ limit, indexes }: FilteredStrategy): boolean =>
    limit(question, first) === null &&
    indexes(question, first).every((index) => index.kind === 'vector' && index.placement === null);
  const on = (spec: IndexSpec, of: readonly FilteredStrategy[]): readonly Candidate[] =>
    of.map((strategy) => ({ strategy, spec }));
  const general = approximate.filter(isGeneral);
  return [...exact, ...on(first, approximate), ...others.flatMap((spec) => on(spec, general))];
}

/** The likely best come first: they bound what the others may cost. */
const ORDER = [
  'pre-filter',
  'exact-scan',
  'partial-index',
  'iterative-relaxed',
  'iterative-strict',
  'post-filter',
  'by-class-size',
];

const rankOf = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

/** The builds that a candidate needs; the exact scan's when it needs no index. */
function buildsOf({ strategy, spec }: Candidate, { question }: FilteredCase): readonly BuildRequest[] {
  const needed = strategy.indexes(question, spec).map((index): BuildRequest => {
    if (index.kind === 'column') return { spec: EXACT, repeat: 0, columnIndex: index.spec };
    return { spec: index.spec, repeat: 0, ...(index.placement ? { placement: index.placement } : {}) };
  });
  return needed.length > 0 ? needed : [{ spec: EXACT, repeat: 0 }];
}

const limitOf = ({ strategy, spec }: Candidate, { question }: FilteredCase): string | null =>
  strategy.limit(question, spec);

/** Of every build that is made for the values of filters: the number of the last case that needs it. */
function lastUses(space: FilteredSpace): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const [number, asked] of space.cases.entries()) {
    for (const candidate of candidatesOf(space, asked)) {
      if (limitOf(candidate, asked) !== null) continue;
      for (const request of buildsOf(candidate, asked)) {
        if (request.placement) last.set(canonicalJson(request), number);
      }
    }
  }
  return last;
}

interface Memory {
  readonly builds: Map<string, BuildRecord>;
  /** Where each candidate's settings were found last. */
  readonly places: Map<string, Place>;
}

function* exploreCase(
  space: FilteredSpace,
  asked: FilteredCase,
  memory: Memory,
): Search<{ answer: FilterAnswer; points: readonly PointRecord[] }> {
  const points: PointRecord[] = [];
  const explored: Explored[] = [];
  let best: Measured | null = null;
  let today: PointRecord | null = null;
  for (const candidate of candidatesOf(space, asked)) {
    if (asked.cell !== null && space.seldom.includes(candidate.strategy.name)) {
      // Where sorting all rows that match is quicker than a graph of just these rows, a partition is no quicker either.
      if (isExactBest(explored) || memory.places.has(nameOf(candidate))) continue;
    }
    const found: Exploration = yield* exploreCandidate(space, { asked, candidate, memory, best });
    explored.push(found.explored);
    points.push(...found.tried);
    const { option, measured } = found.explored;
    if (option.outcome === 'reaches' && measured && (!best || medianMs(measured) < medianMs(best))) best = measured;
    if (candidate.strategy.name === 'post-filter' && candidate.spec === space.specs[0]) today = found.tried[0] ?? null;
  }
  const competes = (measured: Measured | null): boolean =>
    measured !== null &&
    best !== null &&
    (medianMs(measured) <= FINAL_RATIO * medianMs(best) || pagesOf(measured) <= pagesOf(best));
  const finals = explored.flatMap(({ final, measured }) => (final && competes(measured) ? [final] : []));
  const confirmed = finals.length > 0 ? yield* askTogether('point', finals) : [];
  const answer = concludeCase(space, asked, { explored, finals, confirmed, searched: points, today });
  return { answer, points: [...points, ...confirmed] };
}

const nameOf = ({ strategy, spec }: Candidate): string => `${strategy.name} ${spec.method}`;

/** Whether the quickest that reaches the target so far is an exact strategy, although approximate ones were looked at. */
function isExactBest(explored: readonly Explored[]): boolean {
  const reaching = explored.filter(({ option }) => option.outcome === 'reaches');
  const msOf = ({ measured }: Explored): number => (measured ? medianMs(measured) : Infinity);
  const best = reaching.toSorted((a, b) => msOf(a) - msOf(b))[0];
  return best !== undefined && !best.strategy.isApproximate;
}

/** What was found of a candidate, and every point that was measured for it. */
interface Exploration {
  readonly explored: Explored;
  readonly tried: readonly PointRecord[];
}

interface ExplorationOptions {
  readonly asked: FilteredCase;
  readonly candidate: Candidate;
  readonly memory: Memory;
  /** The quickest so far that reaches the target. */
  readonly best: Measured | null;
}

function* exploreCandidate(
  space: FilteredSpace,
  { asked, candidate, memory, best }: ExplorationOptions,
): Search<Exploration> {
  const { strategy, spec } = candidate;
  const { question, filter, join } = asked;
  const title = strategy.isApproximate ? `${strategy.title} (${indexKind(spec.method).title})` : strategy.title;
  const option: FilterOption = {
    strategy: strategy.name,
    title,
    spec,
    outcome: 'unsuited',
    why: limitOf(candidate, asked),
    settings: {},
    builds: [],
    point: null,
  };
  const nothing = { ...candidate, final: null, measured: null };
  if (option.why !== null) return { explored: { ...nothing, option }, tried: [] };

  const builds: BuildRecord[] = [];
  for (const request of buildsOf(candidate, asked)) {
    const known = memory.builds.get(canonicalJson(request));
    const build = known ?? (yield* ask('build', request));
    memory.builds.set(canonicalJson(request), build);
    builds.push(build);
  }
  const keys = builds.map(({ key }) => key);
  const broken = builds.find(({ status }) => status === 'failed');
  if (broken) {
    return { explored: { ...nothing, option: { ...option, outcome: 'failed', why: broken.reason } }, tried: [] };
  }

  const [build = '', ...beside] = keys;
  const request = (settings: SearchSettings, forced: boolean): PointRequest => ({
    build,
    ...(beside.length > 0 ? { beside } : {}),
    workload: {
      kind: 'filtered',
      k: space.k,
      filter,
      join,
      strategy: strategy.name,
      ...(strategy.name === 'by-class-size' ? { exactBelowRows: question.exactBelowRows } : {}),
      ...(forced ? { forced } : {}),
    },
    settings: { ...strategy.settings(question, spec), ...settings },
    queries: strategy.isApproximate ? question.queries.size : Math.min(EXACT_QUERIES, question.queries.size),
    purpose: 'search',
  });
  const ladders = laddersOf(strategy, { question, spec, rows: space.rows });
  const name = nameOf(candidate);
  // What happens when nothing is set is always looked at: it is what most people have.
  const first = strategy.name === 'post-filter' ? ladders.start : (memory.places.get(name) ?? ladders.start);
  const isFirst = spec === space.specs[0];
  const ratio = isFirst ? HOPELESS_RATIO.firstIndex : HOPELESS_RATIO.otherIndexes;
  const isHopeless = (measured: Measured): boolean =>
    best !== null &&
    medianMs(measured) > ratio * medianMs(best) &&
    !(isFirst && pagesOf(measured) <= ratio * pagesOf(best));
  const find = (forced: boolean, from: Place) =>
    cheapestSettings(ladders, {
      first: from,
      isHopeless,
      recall: space.target.recall,
      *ask(settings) {
        const [point] = yield* askTogether('point', [request(settings, forced)]);
        return point!;
      },
      reaches: (point) =>
        strategy.isApproximate ? reachesRecall(point, space.target.recall) : point.measured?.recall.mean.value === 1,
    });

  /** A few queries first, where one may take as long as a hundred elsewhere: what is slow and misses is left at that. */
  function* probeThenFind(forced: boolean, from: Place): Search<Found> {
    const asked = request({ ...ladders.rungs[from.rung], ...ladders.reaches[from.reach] }, forced);
    const [point] = yield* askTogether('point', [{ ...asked, queries: Math.min(PROBE_QUERIES, asked.queries) }]);
    const nothing = { cheapest: null, lost: null, ended: null, tried: point ? [point] : [] };
    if (!point?.measured) return { ...nothing, lost: point ? { point, place: from } : null };
    const isShort = point.measured.recall.mean.value < space.target.recall;
    return isShort && isHopeless(point.measured) ? { ...nothing, ended: 'dear' } : yield* find(forced, from);
  }

  const natural = yield* isEndless(strategy, question, spec) ? probeThenFind(false, first) : find(false, first);
  const tried = [...natural.tried];
  const isOtherPlan = planInstead(natural.lost?.point.reason ?? null) !== null;
  let found = natural;
  if (natural.lost && isOtherPlan && strategy.isApproximate) {
    found = yield* probeThenFind(true, natural.lost.place);
    tried.push(...found.tried);
  }
  if (found.cheapest) memory.places.set(name, found.cheapest.place);
  const quoted = found.cheapest?.point ?? found.tried.findLast(({ measured }) => measured) ?? null;
  const outcome = found.cheapest ? 'reaches' : natural.lost && !isOtherPlan ? 'failed' : 'misses';
  const settings = quoted?.request.settings ?? natural.tried.at(-1)?.request.settings ?? {};
  return {
    explored: {
      ...candidate,
      option: {
        ...option,
        outcome: isOtherPlan ? 'another plan' : outcome,
        why: natural.lost?.point.reason ?? (found.cheapest ? null : whyMissed(found, best)),
        settings,
        builds: builds.filter(({ index }) => index !== null).map(({ key }) => key),
        point: quoted?.key ?? null,
      },
      final: found.cheapest && {
        ...found.cheapest.point.request,
        queries: question.queries.size,
        purpose: 'confirm',
        samples: space.samples,
      },
      measured: quoted?.measured ?? null,
    },
    tried,
  };
}

/** Whether a scan goes on until it has found enough. */
const isEndless = (strategy: FilteredStrategy, question: FilteredCase['question'], spec: IndexSpec): boolean =>
  (strategy.settings(question, spec)['iterative_scan'] ?? 'off') !== 'off';

/** What stands between a strategy and the target, by the best of its points. */
function whyMissed({ tried, ended }: Found, other: Measured | null): string {
  const measured = tried.flatMap((point) => point.measured ?? []);
  const best = measured.toSorted((a, b) => b.recall.mean.value - a.recall.mean.value)[0];
  if (!best) return 'It could not be measured.';
  const rows = best.completeness.mean < 0.995 ? `, and ${(100 * best.completeness.mean).toFixed(1)} % of the rows` : '';
  const comesTo = `It comes to a recall of ${best.recall.mean.value.toFixed(3)}${rows} in ${medianMs(best).toPrecision(3)} ms`;
  if (ended === 'highest') return `${comesTo} at its highest settings.`;
  if (ended === 'dear' && other) {
    const times = medianMs(best) / medianMs(other);
    return `${comesTo}; higher settings were left out, for another was ${Number(times.toPrecision(2))} times as quick.`;
  }
  return `${comesTo} at best.`;
}
