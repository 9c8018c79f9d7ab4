import { compareQuality, decodeFloat32 } from '../../analysis/index.js';
import {
  type Difference,
  type FusionChoice,
  type HybridAnswer,
  type HybridOption,
  type Measured,
  type PointRecord,
  type PointRequest,
  planInstead,
} from '../../results/index.js';
import type { HybridStrategy } from '../../workloads/index.js';
import { latencyQuantile, medianMs } from '../shared/constraints.js';
import type { Explored } from './search.js';
import type { HybridSpace } from './space.js';
import { hybridSql } from './sql.js';

export interface HybridEvidence {
  readonly explored: readonly Explored[];
  readonly fusions: readonly FusionChoice[];
  /** What was measured side by side, and the points in the same order. */
  readonly finals: readonly PointRequest[];
  readonly confirmed: readonly PointRecord[];
  /** What was measured before, one after the other. */
  readonly searched: readonly PointRecord[];
}

/** One leg alone. */
export const isControl = ({ sides }: HybridStrategy): boolean => sides.length === 1;

/** An option that reaches the target, with the figures that it was measured to have beside the others. */
interface Finalist {
  readonly position: number;
  readonly option: HybridOption;
  readonly measured: Measured;
  /** nDCG of the judged queries; null where nobody judged. */
  readonly ndcg: Float32Array | null;
}

/**
 * The quickest of those that are shown to keep the target's share of the highest nDCG. Where nobody judged, the first
 * fusion that reaches the target: which of them answers better cost cannot tell, and those that are quicker are named.
 */
export function concludeHybrid(space: HybridSpace, evidence: HybridEvidence): HybridAnswer {
  const { explored, finals, confirmed, searched, fusions } = evidence;
  const points = new Map([...searched, ...confirmed].map((point) => [point.key, point]));
  const options = explored.map(({ option, final }): HybridOption => {
    const point = final ? confirmed[finals.indexOf(final)] : undefined;
    if (!point) return option;
    if (point.measured) return { ...option, point: point.key };
    // It could not be repeated: what was seen once is no basis.
    return { ...option, outcome: planInstead(point.reason) ? 'another plan' : 'failed', why: point.reason };
  });
  const finalists = options.flatMap((option, position): readonly Finalist[] => {
    const point = option.point === null ? undefined : points.get(option.point);
    if (option.outcome !== 'reaches' || !point?.measured || point.request.purpose !== 'confirm') return [];
    const judged = point.measured.ranking?.judged;
    return [{ position, option, measured: point.measured, ndcg: judged ? decodeFloat32(judged.samples) : null }];
  });
  const first = finalists.filter(({ ndcg }) => ndcg !== null).toSorted((a, b) => ndcgOf(b) - ndcgOf(a))[0];
  const against = (one: Finalist): Difference | null =>
    first?.ndcg && one.ndcg && one !== first ? compareQuality(first.ndcg, one.ndcg) : null;
  const differences = new Map(finalists.map((one) => [one.position, against(one)]));
  const margin = first ? (1 - space.target.recall) * ndcgOf(first) : 0;
  const isKept = (one: Finalist): boolean =>
    one === first || (differences.get(one.position)?.difference.low ?? -Infinity) >= -margin;
  const eligible = finalists.filter((one) => (first ? isKept(one) : !one.option.isControl));
  // Neither shown to be worse nor shown to be as good: more judged queries would tell.
  const undecided = finalists.filter(
    (one) => first && !isKept(one) && differences.get(one.position)?.verdict === 'no difference',
  );
  const ranked = eligible.toSorted((a, b) => medianMs(a.measured) - medianMs(b.measured));
  const best = first ? ranked[0] : quickestOf(ranked, eligible[0]);
  return {
    recall: space.target.recall,
    k: space.k,
    rows: space.rows,
    queries: space.questions[0]?.queries.size ?? 0,
    judged: space.judged,
    remarks: [...space.remarks],
    fusions: [...fusions],
    options: options.map((option, position) => ({ ...option, againstFirst: differences.get(position) ?? null })),
    best: best?.position ?? null,
    rivals: first ? ranked.slice(1).flatMap((one) => (best && mayBeAsQuick(one, best) ? [one.position] : [])) : [],
    legs: { vector: null, text: null },
    because: best
      ? becauseOf({
          best,
          first,
          ranked,
          undecided,
          recall: space.target.recall,
          difference: differences.get(best.position) ?? null,
        })
      : NOTHING,
    sql: best ? hybridSql(explored[best.position]!.question, best.option) : null,
  };
}

/** The quickest of those that make the same fusion of the same legs, on whatever index. */
const quickestOf = (ranked: readonly Finalist[], one: Finalist | undefined): Finalist | undefined =>
  ranked.find(
    ({ option }) => option.strategy === one?.option.strategy && option.text.method === one.option.text.method,
  );

const NOTHING = 'No strategy is shown to give the rows of its exact fusion.';

const ndcgOf = ({ measured }: Finalist): number => measured.ranking?.judged?.ndcg.value ?? 0;

/** Whether the intervals of the medians overlap. */
function mayBeAsQuick(one: Finalist, best: Finalist): boolean {
  const low = latencyQuantile(one.measured, 0.5)?.estimate?.low ?? 0;
  const high = latencyQuantile(best.measured, 0.5)?.estimate?.high ?? Infinity;
  return low <= high;
}

function becauseOf({
  best,
  first,
  ranked,
  undecided,
  recall,
  difference,
}: {
  readonly best: Finalist;
  readonly first: Finalist | undefined;
  readonly ranked: readonly Finalist[];
  readonly undecided: readonly Finalist[];
  readonly recall: number;
  readonly difference: Difference | null;
}): string {
  const msOf = ({ measured }: Finalist): string => `${medianMs(measured).toPrecision(3)} ms`;
  if (!first) {
    const quicker = [...new Set(ranked.slice(0, ranked.indexOf(best)).map(({ option }) => option.title))];
    return (
      `Nobody judged which rows are relevant: which fusion answers better is not known. This one is the first of those named that gives the rows of its exact legs (p50 ${msOf(best)})` +
      `${quicker.length > 0 ? `; quicker, but other answers: ${quicker.join('; ')}` : ''}.`
    );
  }
  const share = `${Number((100 * recall).toPrecision(3))} %`;
  const sentences: string[] = [];
  if (best === first || difference === null) {
    sentences.push(
      `It has the highest nDCG (${ndcgOf(first).toFixed(3)}), and nothing quicker is shown to keep ${share} of it (p50 ${msOf(best)}).`,
    );
  } else {
    const { value, low, high } = difference.difference;
    sentences.push(
      `It is the quickest that is shown to keep ${share} of the highest nDCG, the ${ndcgOf(first).toFixed(3)} of ${first.option.title} ` +
        `(difference ${value.toFixed(3)} [${(low ?? -1).toFixed(3)}, ${(high ?? 1).toFixed(3)}]; p50 ${msOf(best)} against ${msOf(first)}).`,
    );
  }
  if (best.option.isControl) sentences.push('One leg alone does: fusing is not shown to help.');
  const quicker = undecided.filter(({ measured }) => medianMs(measured) < medianMs(best.measured));
  if (quicker.length > 0) {
    sentences.push(
      `Quicker, and neither shown to be worse nor shown to keep ${share}: ${quicker.map((one) => `${one.option.title} (nDCG ${ndcgOf(one).toFixed(3)}, p50 ${msOf(one)})`).join('; ')}. More judged queries would tell.`,
    );
  }
  return sentences.join(' ');
}
