import { decodeFloat32 } from '../../analysis/index.js';
import type { Measured } from '../../results/index.js';
import type { FilteredCase } from '../../workloads/index.js';
import type { Explored } from './explored.js';

/** Below this ratio of the largest class to the smallest, noise would divide classes that are alike. */
const SKEWED = 2;

/**
 * From how many rows on a class is to have a partial index: where a scan is quicker than sorting its rows, by the times that
 * both took for the same queries.
 *
 * What a query takes when its rows are sorted grows with them, and a scan of a graph hardly does, so that there is one place
 * where they cross. Queries in the order of their classes' rows, it is where sorting below it and scanning from it on takes
 * the least: the least sum of the logarithms of the ratio of both, which an outlier does not decide. What tells is measured
 * already when this is asked: sorting, and the partial index of each class or, where there are too many of them, the index
 * over the whole table.
 *
 * @returns one more than the rows of the largest class where sorting is always quicker; null where classes are
 *   of like size, or a query has no time
 */
export function classThreshold(
  { question: { matching } }: FilteredCase,
  { sorted, scanned }: { readonly sorted: Measured; readonly scanned: Measured },
): number | null {
  const [sortedMs, scannedMs] = [sorted, scanned].map(msOfQueries) as [readonly number[], readonly number[]];
  const queries = Math.min(sortedMs.length, scannedMs.length);
  if (queries === 0) return null;
  const rowsOf = (query: number): number => matching.matches[matching.ofQuery[query]!]!;
  const bySize = Array.from({ length: queries }, (_, query) => query).sort((a, b) => rowsOf(a) - rowsOf(b));
  if (rowsOf(bySize.at(-1)!) < SKEWED * rowsOf(bySize[0]!)) return null;
  let sum = 0;
  let least = 0;
  let threshold = rowsOf(bySize[0]!);
  for (const [i, query] of bySize.entries()) {
    sum += Math.log(sortedMs[query]! / scannedMs[query]!);
    const next = bySize[i + 1];
    // Between classes only: all queries of one are answered alike.
    if (next !== undefined && rowsOf(next) === rowsOf(query)) continue;
    if (sum >= least) continue;
    least = sum;
    threshold = next === undefined ? rowsOf(query) + 1 : rowsOf(next);
  }
  return threshold;
}

/** Milliseconds of each query, in the order of the run: the quickest of several, since the others were disturbed. */
function msOfQueries({ latencyMs: { n, queries = n }, samples }: Measured): readonly number[] {
  const times = decodeFloat32(samples.latencyMs);
  const least = Array.from({ length: Math.min(queries, times.length) }, (_, query) => times[query]!);
  for (let i = least.length; i < times.length; i++) {
    const query = i % least.length;
    least[query] = Math.min(least[query]!, times[i]!);
  }
  return least;
}

const BY_CLASS_SIZE = /^(.*)by-class-size$/;

/** Whether a strategy asks from how many rows on a class has an index. */
export const asksClassThreshold = (strategy: string): boolean => BY_CLASS_SIZE.test(strategy);

/** The question with the threshold that the strategies before show; as it is where they show none. */
export function withClassThreshold(
  asked: FilteredCase,
  strategy: string,
  { explored, today }: { readonly explored: readonly Explored[]; readonly today: Measured | null },
): FilteredCase {
  const copies = BY_CLASS_SIZE.exec(strategy)?.[1];
  if (copies === undefined) return asked;
  const measuredOf = (name: string): Measured | null =>
    explored.find(({ option, measured }) => option.strategy === `${copies}${name}` && measured !== null)?.measured ??
    null;
  const sorted = measuredOf('pre-filter');
  const scanned = measuredOf('partial-index') ?? today;
  const exactBelowRows = sorted && scanned && classThreshold(asked, { sorted, scanned });
  return exactBelowRows === null ? asked : { ...asked, question: { ...asked.question, exactBelowRows } };
}
