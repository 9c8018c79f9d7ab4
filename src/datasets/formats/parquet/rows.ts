import { isUtf8 } from 'node:buffer';
import type { DecodedArray, SchemaTree } from 'hyparquet';
import { assembleLists, assembleNested } from 'hyparquet/src/assemble.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js';
import type { LeafPage } from './pages.js';

/*
 * From pages to rows. A row's list may be spread over pages, and the leaves of one column have pages of different
 * lengths, so rows are handed out as they become complete.
 */

/** One leaf of a column: its pages, and its path from the root of the schema. */
export interface Leaf {
  readonly pages: AsyncIterable<LeafPage>;
  readonly schemaPath: readonly SchemaTree[];
}

/** The rows of a column of numeric lists. Null means a row without a list, or with a null in it. */
export async function* vectorRows({ pages, schemaPath }: Leaf): AsyncGenerator<ArrayLike<number> | null> {
  const defined = getMaxDefinitionLevel([...schemaPath]);
  let isBegun = false;
  let isWhole = true;
  /** What earlier pages had of the row. */
  let before: number[] = [];
  const rowWith = (rest: ArrayLike<number>): ArrayLike<number> | null => {
    if (!isWhole) return null;
    return before.length === 0 ? rest : [...before, ...Array.from(rest)];
  };
  for await (const { definitions, repetitions, values } of pages) {
    let from = 0;
    let to = 0;
    for (let i = 0; i < repetitions.length; i++) {
      if (repetitions[i] === 0) {
        if (isBegun) yield rowWith(numbers(values, from, to));
        isBegun = true;
        isWhole = true;
        before = [];
        from = to;
      }
      if (definitions.length === 0 || definitions[i] === defined) to++;
      else isWhole = false;
    }
    before = before.concat(Array.from(numbers(values, from, to)));
  }
  if (isBegun) yield rowWith([]);
}

/** A view where there is one: most vectors are float32 as they are in the page. */
function numbers(values: DecodedArray, from: number, to: number): ArrayLike<number> {
  if (values instanceof Float32Array || values instanceof Float64Array) return values.subarray(from, to);
  return Array.from(values.slice(from, to) as ArrayLike<unknown>, Number);
}

/** The rows of any column as JSON values: numbers, text, booleans, ISO dates, lists, objects, null; or bytes as they are. */
export async function* columnRows(column: SchemaTree, leaves: readonly Leaf[], kind: 'bytes' | 'json'): AsyncGenerator {
  const cursors = leaves.map(({ pages, schemaPath }) => ({
    path: schemaPath.at(-1)!.path.join('.'),
    chunks: leafRows(pages, [...schemaPath]),
    rows: [] as unknown[],
  }));
  const isDate = column.element.converted_type === 'DATE';
  for (;;) {
    for (const cursor of cursors) {
      if (cursor.rows.length > 0) continue;
      const { value, done } = await cursor.chunks.next();
      if (done) return;
      cursor.rows = value;
    }
    const count = Math.min(...cursors.map(({ rows }) => rows.length));
    const byPath = new Map(cursors.map(({ path, rows }) => [path, rows.splice(0, count)]));
    assembleNested(byPath, column, DEFAULT_PARSERS);
    for (const value of byPath.get(column.path.join('.')) ?? [])
      yield kind === 'bytes' ? (value ?? null) : toJson(value, isDate);
  }
}

/** Rows of a leaf as hyparquet's `assembleNested` wants them, some at a time. */
async function* leafRows(pages: AsyncIterable<LeafPage>, schemaPath: SchemaTree[]): AsyncGenerator<unknown[]> {
  const defined = getMaxDefinitionLevel(schemaPath);
  const isList = getMaxRepetitionLevel(schemaPath) > 0;
  const assemble = (definitions: number[], repetitions: number[], values: DecodedArray): unknown[] =>
    Array.from(assembleLists([], definitions, repetitions, values, schemaPath));
  let definitions: number[] = [];
  let repetitions: number[] = [];
  let values: unknown[] = [];

  for await (const page of pages) {
    const entries = Math.max(page.definitions.length, page.repetitions.length, page.values.length);
    if (entries === 0) continue;
    if (!isList) {
      yield assemble([...page.definitions], [], page.values);
      continue;
    }
    definitions = definitions.concat(
      page.definitions.length > 0 ? Array.from(page.definitions) : Array<number>(entries).fill(defined),
    );
    repetitions = repetitions.concat(Array.from(page.repetitions));
    values = values.concat(Array.from(page.values as ArrayLike<unknown>));
    const split = repetitions.lastIndexOf(0);
    if (split <= 0) continue;
    const done = definitions.splice(0, split);
    yield assemble(
      done,
      repetitions.splice(0, split),
      values.splice(0, done.filter((level) => level === defined).length),
    );
  }
  if (definitions.length > 0) yield assemble(definitions, repetitions, values);
}

/** What JSON can hold: large integers as text, days as `2026-11-22`, bytes as text if they are UTF-8, or in hexadecimal. */
function toJson(value: unknown, isDate = false): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return null;
    return isDate ? value.toISOString().slice(0, 10) : value.toISOString();
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString(isUtf8(value) ? 'utf8' : 'hex');
  if (Array.isArray(value)) return value.map((item) => toJson(item));
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, (item) => toJson(item));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]));
  return value;
}
