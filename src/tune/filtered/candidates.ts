import { canonicalJson } from '../../canonical-json.js';
import type { BuildRequest, FilterLimit } from '../../results/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { type FilteredCase, type FilteredStrategy, filteredStrategy } from '../../workloads/index.js';
import { EXACT, type FilteredSpace } from './space.js';

/** A strategy on one kind of vector index. */
export interface Candidate {
  readonly strategy: FilteredStrategy;
  readonly spec: IndexSpec;
}

/** The same for every filter. */
export const nameOf = ({ strategy, spec }: Candidate): string => `${strategy.name} ${spec.method}`;

/** Exact strategies, then those on the first kind of index, then what can be had from the others without more indexes. */
export function candidatesOf(space: FilteredSpace, { cell, question }: FilteredCase): readonly Candidate[] {
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
export function buildsOf({ strategy, spec }: Candidate, { question }: FilteredCase): readonly BuildRequest[] {
  const needed = strategy.indexes(question, spec).map((index): BuildRequest => {
    if (index.kind === 'column') return { spec: EXACT, repeat: 0, columnIndex: index.spec };
    return { spec: index.spec, repeat: 0, ...(index.placement ? { placement: index.placement } : {}) };
  });
  return needed.length > 0 ? needed : [{ spec: EXACT, repeat: 0 }];
}

export const limitOf = ({ strategy, spec }: Candidate, { question }: FilteredCase): FilterLimit | null =>
  strategy.limit(question, spec);

/** Of every build that is made for the values of filters: the number of the last case that needs it. */
export function lastUses(space: FilteredSpace): ReadonlyMap<string, number> {
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
