import { type Condition, filterCorrelation, nearShareOf, type Scalar } from '../../filter.js';
import type { Random } from '../../random.js';
import type { FilterShortfall } from '../../results/index.js';
import type { Choice, Choose } from './candidates.js';
import { type KeyCensus, keysOf, type NumberCensus } from './column-census.js';
import { type Attributes, type Column, comparable, sqlTypeOf, stepMs, valueOfInstant, valueReader } from './columns.js';
import type { Constant } from './conditions.js';

/** The constants of one condition, drawn for all queries. */
export interface DrawnConstants {
  /** Per query; null for one that has no value of its own, or that nothing suits. */
  readonly constants: readonly (Constant | null)[];
  /** Why the data cannot give what was asked; null when it can. */
  readonly shortfall: FilterShortfall | null;
  /** The mean correlation of what was drawn by a selectivity, with the share of queries that got any; else null. */
  readonly reached: { readonly correlation: number; readonly asked: number } | null;
}

/** How far the mean correlation may stay from the asked one without a word. */
const CORRELATION_SLACK = 0.1;

/** Each query's own value. */
export function drawOwn(op: Condition['op'], column: Column, queries: readonly Attributes[]): DrawnConstants {
  const read = valueReader(column.name);
  const constants = queries.map((attributes) => {
    const [key] = keysOf(column, read(attributes));
    if (key === undefined) return null;
    return op === 'in' ? [key.constant] : key.constant;
  });
  const missing = constants.filter((constant) => constant === null).length;
  return {
    constants,
    reached: null,
    shortfall:
      missing === 0
        ? null
        : { code: 'no-own-value', data: { column: column.name, queries: missing, of: queries.length } },
  };
}

/**
 * Constants with a selectivity s and a correlation ρ, as far as the data has them.
 *
 * Of the constants that a share of the rows within a factor of 1.5 of s matches, a query gets any (ρ = 0), the one that
 * most of its near rows match, or the one that fewest do. The mean near share is linear in the part of the queries that
 * get one or the other, so that part is chosen for the mean to become s + ρ(1 − s), or s(1 + ρ) for ρ < 0: ρ is then
 * the correlation that {@link filterCorrelation} defines. Who gets what is drawn.
 */
export function drawBySelectivity(
  column: string,
  options: {
    readonly choose: Choose;
    readonly queries: number;
    readonly selectivity: number;
    readonly correlation: number;
    readonly random: Random;
  },
): DrawnConstants {
  const { choose, queries, correlation, random } = options;
  const choices = Array.from({ length: queries }, (_, query) => choose(query));
  const suited = choices.filter((choice) => choice !== null);
  if (suited.length === 0) {
    const { selectivity } = options;
    return {
      constants: choices.map(() => null),
      shortfall: { code: 'nothing-so-selective', data: { column, selectivity } },
      reached: null,
    };
  }
  const mean = (pick: (choice: Choice) => number): number =>
    suited.reduce((sum, choice) => sum + pick(choice), 0) / suited.length;
  const share = mean(({ any }) => any.share);
  const anyShare = mean(({ any }) => any.nearShare);
  const target = nearShareOf(share, correlation);
  const end = target >= anyShare ? 'nearest' : 'farthest';
  const span = mean((choice) => choice[end].nearShare) - anyShare;
  const part = span === 0 ? 0 : Math.min(1, (target - anyShare) / span);
  const atEnd = new Set(random.shuffle([...choices.keys()]).slice(0, Math.round(part * queries)));
  const reached = filterCorrelation(share, anyShare + part * span);
  return {
    constants: choices.map((choice, query) => choice && choice[atEnd.has(query) ? end : 'any'].constant),
    reached: { correlation: reached, asked: suited.length / queries },
    shortfall:
      Math.abs(reached - correlation) <= CORRELATION_SLACK
        ? null
        : { code: 'other-correlation', data: { column, selectivity: share, reached, asked: correlation } },
  };
}

const DAY_MS = 86_400_000;

/** A window of so many days for each query, which ends at the time of some row, and begins no earlier than the rows do. */
export function drawDays(
  column: Column,
  { sorted }: NumberCensus,
  { days, queries, random }: { readonly days: number; readonly queries: number; readonly random: Random },
): DrawnConstants {
  const length = Math.max(stepMs(column), days * DAY_MS);
  const first = sorted.findIndex((instant) => instant - length >= sorted[0]!);
  const constants = Array.from({ length: queries }, (): Constant | null => {
    if (first === -1) return null;
    const end = sorted[first + random.int(sorted.length - first)]!;
    return [valueOfInstant(column, end - length), valueOfInstant(column, end)];
  });
  return {
    constants,
    reached: null,
    shortfall: first === -1 ? { code: 'shorter-than-window', data: { column: column.name, days } } : null,
  };
}

/** A value that so many rows have, for each query; of none, always the same one. */
export function drawRows(
  column: Column,
  census: KeyCensus,
  { rows, queries, random }: { readonly rows: number; readonly queries: number; readonly random: Random },
): DrawnConstants {
  const keys =
    rows === 0
      ? [absentValue(column, census)]
      : [...census.counts].flatMap(([key, count]) => (count === rows ? [census.constantOf(key)] : []));
  return {
    constants: Array.from({ length: queries }, () => keys[random.int(Math.max(1, keys.length))] ?? null),
    reached: null,
    shortfall: keys.length > 0 ? null : { code: 'no-value-of-so-many-rows', data: { column: column.name, rows } },
  };
}

/** For each query a list of so many keys, each of which is one row's; of none, one that no row has. */
export function drawKeys(
  column: Column,
  census: KeyCensus,
  { rows, queries, random }: { readonly rows: number; readonly queries: number; readonly random: Random },
): DrawnConstants {
  const keys = [...census.counts.keys()].map(census.constantOf);
  const isPossible = rows <= keys.length;
  const list = (): Constant => (rows === 0 ? [absentValue(column, census) as Scalar] : distinctOf(keys, rows, random));
  return {
    constants: Array.from({ length: queries }, () => (isPossible ? list() : null)),
    reached: null,
    shortfall: isPossible ? null : { code: 'no-value-of-so-many-rows', data: { column: column.name, rows } },
  };
}

/** So many of the values, none twice. */
function distinctOf<T>(values: readonly T[], count: number, random: Random): T[] {
  if (count > values.length / 2) return random.shuffle([...values]).slice(0, count);
  const places = new Set<number>();
  while (places.size < count) places.add(random.int(values.length));
  return Array.from(places, (place) => values[place]!);
}

/** A value that the column could have, and no row has. */
function absentValue(column: Column, census: KeyCensus): Constant {
  const values = [...census.counts.keys()].map(census.constantOf);
  const taken = new Set(values.map((value) => comparable(column, value)));
  for (let i = 0; ; i++) {
    const value = candidateValue(column, i);
    if (!taken.has(comparable(column, value))) return value;
  }
}

function candidateValue(column: Column, i: number): Scalar {
  if (column.type === 'number') return -1 - i;
  if (column.type === 'date') return valueOfInstant(column, i * DAY_MS);
  if (sqlTypeOf(column) === 'uuid') return `00000000-0000-0000-0000-${i.toString(16).padStart(12, '0')}`;
  return `no such value${i === 0 ? '' : ` ${i}`}`;
}
