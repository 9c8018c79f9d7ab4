import { recallsOfPoint } from '../../analysis/index.js';
import type { PointRecord, Stranded } from '../../results/index.js';
import { type Candidate, pagesOf } from '../common/constraints.js';
import { duplicatesOf, type Evidence } from './evidence.js';
import type { Settled } from './settle.js';

/*
 * Near a recall of 1 it is a few queries that decide: those whose search ends in another part of the graph, and finds all
 * or nothing. A higher setting makes every query pay for them.
 */

/** Of the missing rows: from here on a few queries decide. */
const DECIDES = 0.25;
const WHERE: Readonly<Record<string, Stranded['code']>> = {
  hnsw: 'in-another-part-of-the-graph',
  ivfflat: 'in-lists-not-probed',
};

/**
 * The queries that find none of their neighbours with the recommended index, or with the one that comes nearest to the
 * target, and what finds them. Null where other queries lack most of what is missing.
 */
export function strandedOf(
  evidence: Pick<Evidence, 'settled' | 'confirmed' | 'explored' | 'exact'>,
  best: Candidate | undefined,
): Stranded | null {
  const [own] = best
    ? evidence.settled.filter(({ explored }) => explored.build.key === best.build.key)
    : evidence.settled.toSorted((a, b) => recallOf(nearest(b)) - recallOf(nearest(a)));
  const point = own && nearest(own);
  const code = own && WHERE[own.explored.family.spec.method];
  if (!point?.measured || !code) return null;
  const recalls = recallsOfPoint(point.measured);
  const stranded = strandedIn(recalls);
  const share = stranded.length / recalls.reduce((missing, recall) => missing + 1 - recall, 0);
  if (stranded.length === 0 || share < DECIDES) return null;
  return {
    code,
    data: {
      settings: point.request.settings,
      stranded: stranded.length,
      others: recalls.length - stranded.length,
      share: Math.min(1, share),
      higher: higherOf(own, point, stranded),
      other: otherOf(evidence, { own, point, stranded }),
      duplicates: duplicatesOf(evidence),
    },
  };
}

/** The lowest setting that is shown to reach the target; where none is, the one with the highest recall. */
const nearest = ({ point, tried }: Settled): PointRecord | undefined =>
  point ?? tried.toSorted((a, b) => recallOf(b) - recallOf(a))[0];

const recallOf = (point: PointRecord | undefined): number => point?.measured?.recall.mean.value ?? 0;

/** Positions of the queries that find none. */
const strandedIn = (recalls: Float64Array): readonly number[] =>
  [...recalls.keys()].filter((query) => recalls[query] === 0);

/** How many of the queries find none at another point, which asked the same ones in the same order; null: it did not ask all. */
function leftAt({ measured }: PointRecord, queries: readonly number[]): number | null {
  if (!measured) return null;
  const recalls = recallsOfPoint(measured);
  return queries.every((query) => query < recalls.length)
    ? queries.filter((query) => recalls[query] === 0).length
    : null;
}

function higherOf(
  { explored: { candidates }, tried }: Settled,
  point: PointRecord,
  stranded: readonly number[],
): Stranded['data']['higher'] {
  const valueOf = ({ request }: PointRecord): number => Number(request.settings[candidates?.knob.name ?? '']);
  const [highest] = tried
    .filter((one) => valueOf(one) > valueOf(point) && leftAt(one, stranded) !== null)
    .toSorted((a, b) => valueOf(b) - valueOf(a));
  return highest ? { settings: highest.request.settings, stranded: leftAt(highest, stranded)! } : null;
}

function otherOf(
  { settled }: Pick<Evidence, 'settled'>,
  {
    own,
    point,
    stranded,
  }: { readonly own: Settled; readonly point: PointRecord; readonly stranded: readonly number[] },
): Stranded['data']['other'] {
  const [least] = settled
    .flatMap((one) => {
      const left = one === own || !one.point ? null : leftAt(one.point, stranded);
      return left === null || left >= stranded.length ? [] : [{ one, left, buffers: pagesOf(one.point!.measured!) }];
    })
    .toSorted((a, b) => a.left - b.left || a.buffers - b.buffers);
  return least
    ? {
        spec: least.one.explored.family.spec,
        settings: least.one.point!.request.settings,
        stranded: least.left,
        buffersRatio: least.buffers / pagesOf(point.measured!),
      }
    : null;
}
