import type { Scalar } from '../../filter.js';
import { canonicalJson } from '../../canonical-json.js';
import { type Column, comparable } from './columns.js';
import type { Constant } from './conditions.js';
import type { Neighbours } from './filter-measure.js';

/** What a value can be asked by: a text itself, each item of an array, the members of an object that are text. */
export interface Key {
  /** Equal keys have equal texts. */
  readonly text: string;
  /** As a condition's value: for `=`, one of `in`, or `contains`. */
  readonly constant: Constant;
}

/** How often each key of a column occurs, and which keys the rows near to the queries have. */
export interface KeyCensus {
  readonly rows: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly constantOf: (key: string) => Constant;
  /** Keys of a row that is near to some query. */
  readonly keysOfNearRow: (row: number) => readonly string[];
}

/** The numbers of a column; of dates, milliseconds. */
export interface NumberCensus {
  readonly rows: number;
  /** Ascending, missing ones left out. */
  readonly sorted: Float64Array;
  /** By row; NaN where it is missing. */
  readonly values: Float64Array;
}

/** Looks at a column's value of every row, in row order. */
export interface Census<Result> {
  readonly add: (value: unknown) => void;
  readonly take: () => Result;
}

export function keysOf(column: Column, value: unknown): readonly Key[] {
  if (value === null || value === undefined) return [];
  switch (column.type) {
    case 'text[]':
      return [...new Set(value as readonly string[])].map((item) => ({ text: item, constant: [item] }));
    case 'json': {
      const constant = textMembers(value);
      if (typeof constant === 'object' && Object.keys(constant ?? {}).length === 0) return [];
      return [{ text: canonicalJson(constant), constant }];
    }
    case 'date':
      return [{ text: String(comparable(column, value)), constant: value }];
    case 'number':
    case 'text':
    case 'boolean':
      return [{ text: `${value as Scalar}`, constant: value }];
  }
}

/** Objects are asked for by what they are about, not by their numbers; anything else by itself. */
function textMembers(value: unknown): Constant {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value as Constant;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => typeof member === 'string'));
}

export function createKeyCensus(column: Column, near: Neighbours): Census<KeyCensus> {
  const nearRows = new Set(near.rows);
  const counts = new Map<string, number>();
  const constants = new Map<string, Constant>();
  const ofNearRow = new Map<number, readonly string[]>();
  let rows = 0;
  return {
    add(value) {
      const keys = keysOf(column, value);
      for (const { text, constant } of keys) {
        const count = counts.get(text) ?? 0;
        counts.set(text, count + 1);
        if (count === 0) constants.set(text, constant);
      }
      if (nearRows.has(rows))
        ofNearRow.set(
          rows,
          keys.map(({ text }) => text),
        );
      rows++;
    },
    take: () => ({
      rows,
      counts,
      constantOf: (key) => constants.get(key)!,
      keysOfNearRow: (row) => ofNearRow.get(row) ?? [],
    }),
  };
}

export function createNumberCensus(column: Column, rowCount: number): Census<NumberCensus> {
  const values = new Float64Array(rowCount).fill(NaN);
  let rows = 0;
  return {
    add(value) {
      const number = comparable(column, value);
      values[rows++] = number === null ? NaN : Number(number);
    },
    take: () => ({ rows, values, sorted: values.filter((value) => !Number.isNaN(value)).sort() }),
  };
}
