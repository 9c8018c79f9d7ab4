import { canonicalJson } from '../../canonical-json.js';
import type { Column, Dataset } from '../store/dataset.js';

/** How the filters that a dataset's queries would use lie to its vectors. */
export interface AttributeMeasure {
  readonly column: string;
  /** Mean over the queries of the share of base rows that match the query's value. */
  readonly selectivity: number;
  /** Mean over the queries of the share of the query's nearest rows that match its value. */
  readonly nearShare: number;
  /** {@link filterCorrelation} of the two means. (A mean of correlations would be biased: few near rows are whole numbers.) */
  readonly correlation: number;
  /** Queries whose value some rows match and some do not; only these count. Without any, the figures are NaN. */
  readonly queries: number;
}

/**
 * Correlation of a filter with a query, from the share of all rows and the share of the query's nearest rows that
 * match. 1: all near rows match. 0: as many as anywhere. −1: none of them does.
 *
 * @param selectivity in (0, 1)
 * @param nearShare in [0, 1]
 */
export function filterCorrelation(selectivity: number, nearShare: number): number {
  const excess = nearShare - selectivity;
  return excess >= 0 ? excess / (1 - selectivity) : excess / selectivity;
}

type Attributes = Readonly<Record<string, unknown>>;

/** What a value can be found by. The first key of a query's value is what it asks for. */
type KeysOf = (value: unknown) => readonly string[];

/** Numbers and dates that are not compared by equality match when they fall into the same tenth of the rows, by rank. */
const BINS = 10;
const SAMPLED_ROWS = 10_000;

/**
 * Measures selectivity and correlation of every column that the queries have values of, in memory that depends on the
 * queries only.
 *
 * A text array matches a query's when it contains the first item of it, and an object when its members that are text
 * are equal. Numbers and dates match by equality when most queries' values occur in the base, else by tenths (rank).
 *
 * @param neighbours nearest base rows of each query without any filter, queries × k, −1 where there are fewer: an exact
 *   `Truth`; with a k of 100 the correlation is that of the query's 100 nearest rows
 */
export async function measureAttributes(
  dataset: Pick<Dataset, 'manifest' | 'rows' | 'queryRows'>,
  neighbours: { readonly k: number; readonly rows: Int32Array },
): Promise<AttributeMeasure[]> {
  const queries: Attributes[] = [];
  for await (const { attributes } of dataset.queryRows()) queries.push(attributes);
  const sample = await sampleRows(dataset);
  const tallies = dataset.manifest.columns.map(({ name, type }) => {
    const asked = queries.map((attributes) => attributes[name]);
    const stored = sample.map((attributes) => attributes[name]);
    return createTally(name, asked, createKeys(type, asked, stored));
  });

  const near = queriesNear(neighbours);
  let row = 0;
  for await (const { attributes } of dataset.rows()) {
    const nearQueries = near.get(row) ?? [];
    for (const tally of tallies) tally.add(attributes[tally.column], nearQueries);
    row++;
  }
  const nearRows = queries.map((_, q) => countRows(neighbours.rows.subarray(q * neighbours.k, (q + 1) * neighbours.k)));
  return tallies.filter(({ isAsked }) => isAsked).map((tally) => tally.measure(row, nearRows));
}

/** At most {@link SAMPLED_ROWS} rows, evenly spaced. */
async function sampleRows(dataset: Pick<Dataset, 'manifest' | 'rows'>): Promise<Attributes[]> {
  const step = Math.ceil(dataset.manifest.rows / SAMPLED_ROWS);
  const sample: Attributes[] = [];
  let row = 0;
  for await (const { attributes } of dataset.rows()) if (row++ % step === 0) sample.push(attributes);
  return sample;
}

function queriesNear({ k, rows }: { readonly k: number; readonly rows: Int32Array }): Map<number, number[]> {
  const near = new Map<number, number[]>();
  for (const [i, row] of rows.entries()) {
    const queries = near.get(row);
    if (queries) queries.push(Math.floor(i / k));
    else if (row >= 0) near.set(row, [Math.floor(i / k)]);
  }
  return near;
}

const countRows = (rows: Int32Array): number => rows.reduce((count, row) => count + (row >= 0 ? 1 : 0), 0);

function createKeys(type: Column['type'], asked: readonly unknown[], stored: readonly unknown[]): KeysOf {
  if (type === 'text[]') return (value) => (Array.isArray(value) ? value.map(String) : []);
  if (type === 'json') return (value) => (isPresent(value) ? [canonicalJson(textMembers(value))] : []);
  if (type === 'number' || type === 'date') {
    const known = new Set(stored);
    const present = asked.filter(isPresent);
    if (present.filter((value) => known.has(value)).length * 2 < present.length) return createTenths(type, stored);
  }
  return (value) => (isPresent(value) ? [String(value)] : []);
}

function createTenths(type: 'number' | 'date', stored: readonly unknown[]): KeysOf {
  const toNumber = (value: unknown): number => (type === 'date' ? Date.parse(String(value)) : Number(value));
  const sorted = Float64Array.from(stored.filter(isPresent), toNumber).sort();
  const edges = Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)] ?? 0);
  return (value) => (isPresent(value) ? [String(edges.filter((edge) => toNumber(value) >= edge).length)] : []);
}

const isPresent = (value: unknown): boolean => value !== null && value !== undefined;

const textMembers = (value: unknown): object =>
  Object.fromEntries(Object.entries(value as object).filter(([, member]) => typeof member === 'string'));

interface Tally {
  readonly column: string;
  readonly isAsked: boolean;
  /** Counts one base row, which is near to some of the queries. */
  add(value: unknown, nearQueries: readonly number[]): void;
  measure(rows: number, nearRows: readonly number[]): AttributeMeasure;
}

function createTally(column: string, asked: readonly unknown[], keysOf: KeysOf): Tally {
  const wanted = asked.map((value) => keysOf(value)[0]);
  const matches = new Map<string, number>();
  for (const key of wanted) if (key !== undefined) matches.set(key, 0);
  const nearMatches = new Float64Array(asked.length);

  return {
    column,
    isAsked: matches.size > 0,
    add(value, nearQueries) {
      const keys = new Set(keysOf(value));
      for (const key of keys) {
        const count = matches.get(key);
        if (count !== undefined) matches.set(key, count + 1);
      }
      for (const query of nearQueries) if (keys.has(wanted[query] ?? '')) nearMatches[query]! += 1;
    },
    measure(rows, nearRows) {
      let queries = 0;
      let selectivity = 0;
      let nearShare = 0;
      for (const [query, key] of wanted.entries()) {
        const share = key === undefined ? 0 : matches.get(key)! / rows;
        const near = nearRows[query] ?? 0;
        if (share === 0 || share === 1 || near === 0) continue;
        queries++;
        selectivity += share;
        nearShare += nearMatches[query]! / near;
      }
      selectivity /= queries;
      nearShare /= queries;
      return { column, selectivity, nearShare, correlation: filterCorrelation(selectivity, nearShare), queries };
    },
  };
}
