import { compareQualities, decodeFloat32 } from '../../analysis/index.js';
import {
  type BuildRecord,
  type Difference,
  type FusionChoice,
  type HybridAnswer,
  type HybridDecision,
  type HybridOption,
  type HybridRemark,
  planInstead,
  type PointRecord,
  type PointRequest,
  type Ranking,
} from '../../results/index.js';
import { columnsOf } from '../../workloads/index.js';
import { compareCost } from '../plain/compare-costs.js';
import type { Candidate } from '../common/constraints.js';
import { rankingCost, rankingOf, together, unmetTogether } from '../common/rank.js';
import type { Explored } from './explored.js';
import { type HybridSpace, queriesLacking } from './space.js';

export interface HybridEvidence {
  readonly explored: readonly Explored[];
  readonly fusions: readonly FusionChoice[];
  readonly textLegs: HybridAnswer['textLegs'];
  readonly bm25: HybridAnswer['bm25'];
  /** What was measured side by side, and the points in the same order. */
  readonly finals: readonly PointRequest[];
  readonly confirmed: readonly PointRecord[];
  /** What was measured before, one after the other. */
  readonly searched: readonly PointRecord[];
  /** Of the run, by key. */
  readonly builds: ReadonlyMap<string, BuildRecord>;
}

/** An option that reaches the target, with the figures that it was measured to have beside the others. */
interface Finalist extends Candidate {
  /** Position of its option. */
  readonly position: number;
  readonly option: HybridOption;
}

/** A finalist whose answers people judged. */
interface JudgedFinalist extends Finalist {
  /** nDCG of the judged queries. */
  readonly ndcg: Float32Array;
  readonly againstHighest: Difference | null;
  /** Some other is shown to be better. */
  readonly isWorse: boolean;
}

/** What is recommended, and why. */
interface Decision {
  readonly best: Finalist | null;
  /** Cheapest first: as simple as the best, and not shown to be worse than any. */
  readonly alike: readonly Finalist[];
  readonly decision: HybridDecision;
}

/**
 * Recommends the simplest strategy that is not shown to be worse than another: one leg alone before a fusion of two, and
 * of equally simple ones the cheapest by the goal. Where nobody judged, the first fusion that reaches the target: which of
 * them answers better cost cannot tell, and those that are cheaper are named.
 */
export function concludeHybrid(space: HybridSpace, evidence: HybridEvidence): HybridAnswer {
  const { fusions, textLegs, bm25 } = evidence;
  const options = confirmedOptions(space, evidence);
  const rankedBy = rankingOf(space.target, evidence.confirmed);
  const finalists = cheapestFirst(finalistsOf(options, evidence), rankedBy);
  const judged = judgedOf(finalists);
  const { best, alike, decision } =
    judged.length > 0 ? decideJudged(space, judged, { options, fusions }) : decideUnjudged(finalists);
  const differences = new Map(judged.map(({ position, againstHighest }) => [position, againstHighest]));
  return {
    recall: space.target.recall,
    k: space.k,
    rows: space.rows,
    queries: space.questions[0]?.queries.size ?? 0,
    judged: space.judged,
    filter: filterOf(space),
    remarks: [...space.remarks, ...ofFewQueries(space)],
    fusions: [...fusions],
    textLegs: [...textLegs],
    bm25: [...bm25],
    options: options.map((option, position) => ({ ...option, againstHighest: differences.get(position) ?? null })),
    rankedBy,
    best: best?.position ?? null,
    rivals: alike.flatMap((one) => (best && one !== best && mayCostAsLittle(one, best, space) ? [one.position] : [])),
    legs: { vector: null, text: null },
    decision,
  };
}

function ofFewQueries(space: HybridSpace): readonly HybridRemark[] {
  const needs = queriesLacking(space);
  const queries = space.questions[0]?.queries.size ?? 0;
  return needs === null ? [] : [{ code: 'recall-of-these-queries', data: { queries, needs } }];
}

/** The filter of the questions, which is the same for all of them. */
function filterOf({ questions }: HybridSpace): HybridAnswer['filter'] {
  const filter = questions[0]?.filter;
  if (!filter) return null;
  const { filters, ofQuery, matches } = filter.matching;
  const names = new Set(columnsOf(filter.filter));
  const total = ofQuery.reduce((sum, number) => sum + matches[number]!, 0);
  return {
    filter: filter.filter,
    example: filters[ofQuery[0] ?? 0]!,
    columns: filter.columns.filter(({ name }) => names.has(name)),
    meanRows: total / Math.max(1, ofQuery.length),
  };
}

/** The options with what the final comparison made of them. What could not be repeated is no basis. */
const confirmedOptions = (
  { target }: HybridSpace,
  { explored, finals, confirmed, builds }: HybridEvidence,
): readonly HybridOption[] =>
  explored.map(({ option, final }): HybridOption => {
    const point = final ? confirmed[finals.indexOf(final)] : undefined;
    if (!point) return option;
    const { measured } = point;
    if (measured) {
      const unmet = unmetTogether(buildsOf(option, builds), { ...point, measured }, target);
      const missed: Pick<HybridOption, 'outcome' | 'why'> = {
        outcome: 'misses',
        why: { code: 'bounds-unmet', data: { unmet: [...unmet] } },
      };
      return { ...option, point: point.key, ...(unmet.length > 0 ? missed : {}) };
    }
    return { ...option, outcome: planInstead(point.reason) ? 'another plan' : 'failed', why: point.reason };
  });

const buildsOf = ({ builds }: HybridOption, all: HybridEvidence['builds']): readonly BuildRecord[] =>
  builds.flatMap((key) => all.get(key) ?? []);

function finalistsOf(
  options: readonly HybridOption[],
  { searched, confirmed, builds }: HybridEvidence,
): readonly Finalist[] {
  const points = new Map([...searched, ...confirmed].map((point) => [point.key, point]));
  return options.flatMap((option, position): readonly Finalist[] => {
    const point = option.point === null ? undefined : points.get(option.point);
    const own = buildsOf(option, builds);
    if (option.outcome !== 'reaches' || point?.request.purpose !== 'confirm' || !point.measured || own.length === 0) {
      return [];
    }
    return [{ position, option, build: together(own), point, measured: point.measured }];
  });
}

/** Those that people judged, compared with each other over the same queries. */
function judgedOf(finalists: readonly Finalist[]): readonly JudgedFinalist[] {
  const judged = finalists.flatMap((one) => {
    const quality = one.measured.ranking?.judged;
    return quality ? [{ ...one, ndcg: decodeFloat32(quality.samples) }] : [];
  });
  if (judged.length === 0) return [];
  const difference = compareQualities(judged.map(({ ndcg }) => ndcg));
  const highest = judged.reduce((first, one, i) => (ndcgOf(one) > ndcgOf(judged[first]!) ? i : first), 0);
  return judged.map((one, i) => ({
    ...one,
    againstHighest: i === highest ? null : difference(highest, i),
    isWorse: judged.some((_, other) => other !== i && difference(other, i).verdict === 'worse'),
  }));
}

const ndcgOf = ({ measured }: Finalist): number => measured.ranking?.judged?.ndcg.value ?? 0;

function cheapestFirst(finalists: readonly Finalist[], ranking: Ranking): readonly Finalist[] {
  const cost = ({ measured, build }: Finalist): number => rankingCost(ranking, measured, [build])?.value ?? Infinity;
  return finalists.toSorted((a, b) => cost(a) - cost(b));
}

function decideJudged(
  { target }: HybridSpace,
  judged: readonly JudgedFinalist[],
  { options, fusions }: { readonly options: readonly HybridOption[]; readonly fusions: readonly FusionChoice[] },
): Decision {
  const notWorse = judged.filter(({ isWorse }) => !isWorse);
  const legs = notWorse.filter(({ option }) => option.isControl);
  const alike = legs.length > 0 ? legs : notWorse;
  const best = alike[0]!;
  const highest = judged.find(({ againstHighest }) => againstHighest === null)!;
  return {
    best,
    alike,
    decision: {
      code: legs.length > 0 ? 'one-leg' : 'fusion',
      data: {
        highest: highest.position,
        notWorse: notWorse.flatMap((one) => (one === best ? [] : [one.position])),
        queriesNeeded: queriesNeeded(best, (1 - target.recall) * ndcgOf(highest)),
        betterUnmeasured: [...betterUnmeasured({ judged, options, fusions, ndcg: ndcgOf(best) })],
      },
    },
  };
}

/** Two means that differ by less are the same to anybody, and may be so but for their rounding. */
const LEAST_BETTER = 0.0005;

/** Strategies whose exact answers have a higher nDCG, but which did not reach the target on any index; each once. */
function betterUnmeasured({
  judged,
  options,
  fusions,
  ndcg,
}: {
  readonly judged: readonly JudgedFinalist[];
  readonly options: readonly HybridOption[];
  readonly fusions: readonly FusionChoice[];
  readonly ndcg: number;
}): readonly { option: number; ndcg: number }[] {
  return fusions.flatMap((fusion) => {
    const isOf = ({ strategy, text }: HybridOption): boolean =>
      strategy === fusion.strategy && text.method === fusion.text.method;
    const option = options.findIndex(isOf);
    const isMeasured = judged.some((one) => isOf(one.option));
    const exact = fusion.ndcg?.value ?? 0;
    return option >= 0 && !isMeasured && exact >= ndcg + LEAST_BETTER ? [{ option, ndcg: exact }] : [];
  });
}

/** Intervals narrow with the root of the queries. Null where the loss is shown to stay within the margin. */
function queriesNeeded({ ndcg, againstHighest }: JudgedFinalist, margin: number): number | null {
  const low = againstHighest?.difference.low ?? 0;
  if (!againstHighest || low >= -margin || margin <= 0) return null;
  const half = againstHighest.difference.value - low;
  return Math.ceil(ndcg.length * Math.max(1, (half / margin) ** 2));
}

function decideUnjudged(finalists: readonly Finalist[]): Decision {
  const fusions = finalists.filter(({ option }) => !option.isControl);
  const first = fusions.reduce<Finalist | undefined>((a, b) => (a && a.position < b.position ? a : b), undefined);
  // The same fusion of the same legs may be made on several indexes.
  const best = fusions.find(
    ({ option }) => option.strategy === first?.option.strategy && option.text.method === first.option.text.method,
  );
  if (!best) return { best: null, alike: [], decision: { code: 'nothing-reaches', data: {} } };
  const quicker = fusions.slice(0, fusions.indexOf(best)).map(({ position }) => position);
  return { best, alike: [], decision: { code: 'not-judged', data: { quicker } } };
}

/** The other is not shown to cost more by the goal. */
const mayCostAsLittle = (one: Finalist, best: Finalist, { target }: HybridSpace): boolean =>
  compareCost(one, best, target.minimise).verdict !== 'more';
