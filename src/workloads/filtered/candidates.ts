import type { Random } from '../../random.js';
import type { KeyCensus, NumberCensus } from './column-census.js';
import type { Constant } from './conditions.js';
import { nearestRows, type Neighbours } from './filter-measure.js';

/** A constant that a query could filter by. */
export interface Candidate {
  readonly constant: Constant;
  /** Share of the rows that match it. */
  readonly share: number;
  /** Share of the query's nearest rows that match it, counted as `measureFilters` does. */
  readonly nearShare: number;
}

/** For one query, of the constants that have the selectivity: what most and least near rows match, and any of them. */
export interface Choice {
  readonly nearest: Candidate;
  readonly any: Candidate;
  readonly farthest: Candidate;
}

export interface CandidateOptions {
  readonly near: Neighbours;
  readonly selectivity: number;
  readonly random: Random;
}

/** Chooses for a query; null when the column has nothing of that selectivity. */
export type Choose = (query: number) => Choice | null;

/** Shares within this factor of the asked selectivity have it. */
export const TOLERANCE = 1.5;

const hasSelectivity = (count: number, wanted: number): boolean =>
  count >= wanted / TOLERANCE && count <= wanted * TOLERANCE;

/** Constants that are drawn at random for a query, besides those of its near rows. */
const SAMPLE = 20;

/** One key, for `=` and `contains`. */
export function singleKeys(census: KeyCensus, { near, selectivity, random }: CandidateOptions): Choose {
  const wanted = selectivity * census.rows;
  const fitting = [...census.counts.keys()].filter((key) => hasSelectivity(census.counts.get(key)!, wanted));
  return (query) => {
    const candidate = (key: string): Candidate => {
      const count = census.counts.get(key)!;
      const nearest = nearestRows(near, query, count);
      const matching = nearest.filter((row) => census.keysOfNearRow(row).includes(key)).length;
      return { constant: census.constantOf(key), share: count / census.rows, nearShare: matching / nearest.length };
    };
    const ofNearRows = new Set([...nearestRows(near, query, near.k)].flatMap(census.keysOfNearRow));
    const candidates = [...ofNearRows].filter((key) => hasSelectivity(census.counts.get(key)!, wanted)).map(candidate);
    return choose(candidates, sample(fitting, random).map(candidate));
  };
}

/** Longer lists are nothing that anybody writes, and too long for the planner to compare with an index's predicate. */
export const MOST_KEYS = 100;

/** Several keys, for `in`: they are gathered one after the other while they fit. */
export function keySets(census: KeyCensus, { near, selectivity, random }: CandidateOptions): Choose {
  const wanted = Math.max(1, Math.round(selectivity * census.rows));
  const keys = [...census.counts.keys()];

  return (query) => {
    const nearest = nearestRows(near, query, wanted);
    const nearCounts = new Map<string, number>();
    for (const key of [...nearest].flatMap(census.keysOfNearRow)) nearCounts.set(key, (nearCounts.get(key) ?? 0) + 1);
    const density = (key: string): number => (nearCounts.get(key) ?? 0) / census.counts.get(key)!;

    const gather = (order: readonly string[]): Candidate | null => {
      const chosen: string[] = [];
      let count = 0;
      for (const key of order) {
        const more = census.counts.get(key)!;
        if (count >= wanted || chosen.length === MOST_KEYS) break;
        if (count + more > wanted * TOLERANCE) continue;
        count += more;
        chosen.push(key);
      }
      if (!hasSelectivity(count, wanted)) return null;
      const matching = chosen.reduce((sum, key) => sum + (nearCounts.get(key) ?? 0), 0);
      return {
        constant: chosen.map((key) => census.constantOf(key)),
        share: count / census.rows,
        nearShare: matching / nearest.length,
      };
    };
    const most = SAMPLE * MOST_KEYS;
    const anyKeys = keys.length > most ? [...new Set(sample(keys, random, most))] : random.shuffle([...keys]);
    const nearKeys = [...nearCounts.keys()].sort((a, b) => density(b) - density(a));
    const others = anyKeys.filter((key) => !nearCounts.has(key));
    const any = gather(anyKeys);
    const dense = gather([...nearKeys, ...others]);
    const sparse = gather([...others, ...nearKeys.toReversed()]);
    return any && dense && sparse ? { nearest: dense, any, farthest: sparse } : null;
  };
}

/** Values from `low` to `high`, both included; infinite where the range is open. */
export type Range = readonly [low: number, high: number];

/** Where ranges may lie, and how one is written as a condition's value. */
export interface RangeForm {
  readonly shape: 'between' | 'below' | 'above';
  readonly constant: (range: Range) => Constant;
}

/** Ranges of numbers. An open end leaves no choice but the one that the selectivity makes. */
export function ranges(
  census: NumberCensus,
  { near, selectivity, random, shape, constant }: CandidateOptions & RangeForm,
): Choose {
  const { sorted, values, rows } = census;
  const width = Math.max(1, Math.round(selectivity * rows));
  const last = sorted.length - width;
  if (last < 0) return () => null;

  const candidateAt = (query: number, start: number): Candidate | null => {
    const low = shape === 'below' ? -Infinity : sorted[start]!;
    const high = shape === 'above' ? Infinity : sorted[start + width - 1]!;
    // Equal values are all kept or all dropped, so that there may be more of them than were wanted.
    const count = lowerBound(sorted, high, true) - lowerBound(sorted, low, false);
    if (!hasSelectivity(count, width)) return null;
    const nearest = nearestRows(near, query, count);
    const matching = nearest.filter((row) => values[row]! >= low && values[row]! <= high).length;
    return { constant: constant([low, high]), share: count / rows, nearShare: matching / nearest.length };
  };

  return (query) => {
    const at = (starts: readonly number[]): readonly Candidate[] =>
      starts.map((start) => candidateAt(query, start)).filter((candidate) => candidate !== null);
    if (shape !== 'between') return choose([], at([shape === 'below' ? 0 : last]));
    const around = [...nearestRows(near, query, SAMPLE)]
      .filter((row) => !Number.isNaN(values[row]!))
      .map((row) => lowerBound(sorted, values[row]!, false) - Math.floor(width / 2));
    const anywhere = Array.from({ length: SAMPLE }, () => random.int(last + 1));
    return choose(at(around.map((start) => Math.min(Math.max(start, 0), last))), at(anywhere));
  };
}

/** @param anywhere candidates that were drawn without a look at the query; the first represents any */
function choose(around: readonly Candidate[], anywhere: readonly Candidate[]): Choice | null {
  const [any] = anywhere;
  if (any === undefined) return null;
  const byNearness = [...anywhere, ...around].toSorted((a, b) => a.nearShare - b.nearShare);
  return { nearest: byNearness.at(-1)!, any, farthest: byNearness[0]! };
}

/** Some of the values, drawn with repetition; none when there are none. */
function sample<T>(values: readonly T[], random: Random, count = SAMPLE): T[] {
  return values.length === 0 ? [] : Array.from({ length: count }, () => values[random.int(values.length)]!);
}

/** How many of the ascending values lie below `value`; or not above it. */
function lowerBound(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const isBelow = orEqual ? sorted[middle]! <= value : sorted[middle]! < value;
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low;
}
