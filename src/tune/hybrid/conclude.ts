import { compareBlocks, compareQualities, decodeFloat32, latencyQuantile } from '../../analysis/index.js';
import {
  type Difference,
  type FusionChoice,
  type HybridAnswer,
  type HybridDecision,
  type HybridOption,
  type HybridRemark,
  type Measured,
  planInstead,
  type PointRecord,
  type PointRequest,
} from '../../results/index.js';
import { columnsOf } from '../../workloads/index.js';
import { medianMs } from '../shared/constraints.js';
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
}

/** An option that reaches the target, with the figures that it was measured to have beside the others. */
interface Finalist {
  /** Position of its option. */
  readonly position: number;
  readonly option: HybridOption;
  readonly measured: Measured;
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
  /** From the quickest to the slowest: as simple as the best, and not shown to be worse than any. */
  readonly alike: readonly Finalist[];
  readonly decision: HybridDecision;
}

/**
 * Recommends the simplest strategy that is not shown to be worse than another: one leg alone before a fusion of two, and
 * of equally simple ones the quickest. Where nobody judged, the first fusion that reaches the target: which of them
 * answers better cost cannot tell, and those that are quicker are named.
 */
export function concludeHybrid(space: HybridSpace, evidence: HybridEvidence): HybridAnswer {
  const { fusions, textLegs, bm25 } = evidence;
  const options = confirmedOptions(evidence);
  const finalists = finalistsOf(options, evidence);
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
    best: best?.position ?? null,
    rivals: alike.flatMap((one) => (best && one !== best && mayBeAsQuick(one, best) ? [one.position] : [])),
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
const confirmedOptions = ({ explored, finals, confirmed }: HybridEvidence): readonly HybridOption[] =>
  explored.map(({ option, final }): HybridOption => {
    const point = final ? confirmed[finals.indexOf(final)] : undefined;
    if (!point) return option;
    if (point.measured) return { ...option, point: point.key };
    return { ...option, outcome: planInstead(point.reason) ? 'another plan' : 'failed', why: point.reason };
  });

function finalistsOf(options: readonly HybridOption[], { searched, confirmed }: HybridEvidence): readonly Finalist[] {
  const points = new Map([...searched, ...confirmed].map((point) => [point.key, point]));
  return options.flatMap((option, position): readonly Finalist[] => {
    const point = option.point === null ? undefined : points.get(option.point);
    const isFinal = option.outcome === 'reaches' && point?.request.purpose === 'confirm';
    return isFinal && point.measured ? [{ position, option, measured: point.measured }] : [];
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

const byTime = <F extends Finalist>(finalists: readonly F[]): readonly F[] =>
  finalists.toSorted((a, b) => medianMs(a.measured) - medianMs(b.measured));

function decideJudged(
  { target }: HybridSpace,
  judged: readonly JudgedFinalist[],
  { options, fusions }: { readonly options: readonly HybridOption[]; readonly fusions: readonly FusionChoice[] },
): Decision {
  const notWorse = byTime(judged.filter(({ isWorse }) => !isWorse));
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
    return option >= 0 && !isMeasured && exact > ndcg ? [{ option, ndcg: exact }] : [];
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
  const fusions = byTime(finalists.filter(({ option }) => !option.isControl));
  const first = finalists.find(({ option }) => !option.isControl);
  // The same fusion of the same legs may be made on several indexes.
  const best = fusions.find(
    ({ option }) => option.strategy === first?.option.strategy && option.text.method === first.option.text.method,
  );
  if (!best) return { best: null, alike: [], decision: { code: 'nothing-reaches', data: {} } };
  const quicker = fusions.slice(0, fusions.indexOf(best)).map(({ position }) => position);
  return { best, alike: [], decision: { code: 'not-judged', data: { quicker } } };
}

/** By pairs of interleaved blocks; where these are too few, whether the intervals of the medians overlap. */
function mayBeAsQuick(one: Finalist, best: Finalist): boolean {
  const [slower, quicker] = [one, best].map(({ measured }) => decodeFloat32(measured.samples.latencyMs)) as [
    Float32Array,
    Float32Array,
  ];
  if (slower.length === quicker.length && quicker.length > 0) {
    const { ratio } = compareBlocks(quicker, slower, { blockSize: best.measured.samples.blockQueries });
    if (ratio.low !== null) return ratio.low <= 1;
  }
  const low = latencyQuantile(one.measured, 0.5)?.estimate?.low ?? 0;
  const high = latencyQuantile(best.measured, 0.5)?.estimate?.high ?? Infinity;
  return low <= high;
}
