import type { HnswLayout } from './hnsw-pages.js';
import { hnswElementsPerPage } from './hnsw-pages.js';
import { ivfflatRowsPerPage } from './ivfflat-pages.js';
import { bytesOfElements, type StoredValue } from './page-layout.js';

/** The largest whole value in [from, to] for which `holds` is true, given that it holds at `from` and stops once. */
function lastWhere(from: number, to: number, holds: (value: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The largest m that keeps as many elements a page as `layout.m` does: up to there, m costs no index bytes but those of
 * upper levels (at most 1.6/m, close to the limit).
 */
export function largestFreeM(layout: HnswLayout, maxM: number): number {
  const perPage = hnswElementsPerPage(layout);
  return lastWhere(layout.m, maxM, (m) => hnswElementsPerPage({ ...layout, m }) === perPage);
}

/** The most dimensions at which as many vectors share a page of the HNSW index. */
export function roomiestHnswDimensions(options: {
  readonly representation: StoredValue['type'];
  readonly dimensions: number;
  readonly m: number;
  readonly maxDimensions: number;
}): number {
  const { representation, dimensions, m, maxDimensions } = options;
  const perPage = (d: number): number => hnswElementsPerPage({ m, valueBytes: bytesOfElements(representation, d) });
  return lastWhere(dimensions, maxDimensions, (d) => perPage(d) === perPage(dimensions));
}

/** The most dimensions at which as many vectors share a page of the IVFFlat index. */
export function roomiestIvfflatDimensions(options: {
  readonly representation: StoredValue['type'];
  readonly dimensions: number;
  readonly maxDimensions: number;
}): number {
  const { representation, dimensions, maxDimensions } = options;
  const perPage = (d: number): number => ivfflatRowsPerPage(bytesOfElements(representation, d));
  return lastWhere(dimensions, maxDimensions, (d) => perPage(d) === perPage(dimensions));
}

/** The whole step table, densest packing first, from `from` dimensions on. */
function stepTable(range: { readonly from: number; readonly to: number }, perPage: (dimensions: number) => number) {
  const steps: PackingStep[] = [];
  for (let dimensions = range.from; dimensions <= range.to;) {
    const vectorsPerPage = perPage(dimensions);
    const last = lastWhere(dimensions, range.to, (d) => perPage(d) === vectorsPerPage);
    steps.push({ vectorsPerPage, maxDimensions: last });
    dimensions = last + 1;
  }
  return steps;
}

/** One packing of the step table: up to `maxDimensions`, `vectorsPerPage` vectors share a page. */
export interface PackingStep {
  readonly vectorsPerPage: number;
  readonly maxDimensions: number;
}

/**
 * The whole step table of HNSW for a representation at one m, densest packing of interest first.
 *
 * @param from dimensions of the first step, so that the many steps of tiny vectors can be left out
 */
export function hnswStepTable(options: {
  readonly representation: StoredValue['type'];
  readonly m: number;
  readonly from: number;
  readonly maxDimensions: number;
}): readonly PackingStep[] {
  const { representation, m, from, maxDimensions } = options;
  return stepTable({ from, to: maxDimensions }, (d) =>
    hnswElementsPerPage({ m, valueBytes: bytesOfElements(representation, d) }),
  );
}

/** The whole step table of IVFFlat for a representation, which lists do not change. */
export function ivfflatStepTable(options: {
  readonly representation: StoredValue['type'];
  readonly from: number;
  readonly maxDimensions: number;
}): readonly PackingStep[] {
  const { representation, from, maxDimensions } = options;
  return stepTable({ from, to: maxDimensions }, (d) => ivfflatRowsPerPage(bytesOfElements(representation, d)));
}
