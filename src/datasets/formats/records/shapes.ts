import { vectorShapeOf, type VectorShape } from '../vectors/vector-shape.js';
import { parseNumber } from '../vectors/vector-text.js';
import { columnsField, type Field, type FileRecord, member, pathField, pathName, valueAt } from './field.js';

/** How many records tell what kind of values a field holds. */
export const SAMPLE_RECORDS = 100;

/** What the first records tell about a field. */
export interface FieldShape {
  readonly field: Field;
  /** null: it holds no vectors. */
  readonly vector: VectorShape | null;
  /** Could be the text to search. */
  readonly isText: boolean;
}

/** The members of the records in the order of their appearance. Records need not all have all of them. */
export function shapesOf(sample: readonly FileRecord[]): FieldShape[] {
  const names = new Set(sample.flatMap((record) => Object.keys(record)));
  return Array.from(names, (name) => shapeAt(sample, member(name)));
}

export function shapeAt(sample: readonly FileRecord[], field: Field, isNamed: boolean = false): FieldShape {
  const values = sample.map((record) => valueAt(record, field));
  const vector = vectorShapeOf(values, isNamed);
  const isText = vector === null && values.every((value) => (value ?? '') === '' || typeof value === 'string');
  return { field, vector, isText };
}

/** Fields within members that hold vectors. Lists count where each has one entry: which of several is meant nobody knows. */
export function nestedVectors(sample: readonly FileRecord[]): FieldShape[] {
  const paths = new Map<string, Field>();
  const visit = (value: unknown, steps: readonly string[]): void => {
    if (typeof value !== 'object' || value === null || steps.length > MAX_DEPTH || ArrayBuffer.isView(value)) return;
    const isList = Array.isArray(value);
    if (isList && (value.length !== 1 || typeof value[0] !== 'object' || Array.isArray(value[0]))) return;
    for (const [name, part] of Object.entries(value)) {
      const path = [...steps, name];
      if (path.length > 1 && !isList) paths.set(pathName(path), pathField(pathName(path)));
      visit(part, path);
    }
  };
  for (const record of sample) visit(record, []);
  return Array.from(paths.values(), (field) => shapeAt(sample, field)).filter(({ vector }) => vector !== null);
}

const MAX_DEPTH = 8;

/** Fewer columns than these are just numbered. */
const LEAST_COLUMNS = 3;

/**
 * Columns that hold one dimension each: numbers under one name with 0, 1, 2 … behind it, or from 1 or
 * 2 on. Null when there is
 * no such group, or more than one.
 */
export function oneColumnADimension(sample: readonly FileRecord[], shapes: readonly FieldShape[]): FieldShape | null {
  const groups = new Map<string, string[]>();
  for (const { field } of shapes) {
    const [, stem, number] = /^(.*?)(\d+)$/.exec(field.name) ?? [];
    if (stem !== undefined && number !== undefined) groups.set(stem, [...(groups.get(stem) ?? []), field.name]);
  }
  const found = Array.from(groups).filter(([stem, names]) => isCounted(stem, names) && areNumbers(sample, names));
  const [[stem, names] = ['', []], ...others] = found;
  if (names.length === 0 || others.length > 0) return null;
  const field = columnsField(`${stem}*`, names);
  return { field, vector: { rank: 'columns', dimensions: names.length, read: readColumns }, isText: false };
}

function isCounted(stem: string, names: readonly string[]): boolean {
  const first = Number(names[0]!.slice(stem.length));
  return (
    names.length >= LEAST_COLUMNS &&
    first <= 2 &&
    names.every((name, i) => Number(name.slice(stem.length)) === first + i)
  );
}

const areNumbers = (sample: readonly FileRecord[], names: readonly string[]): boolean =>
  sample.every((record) => names.every((name) => readCell(record[name]) !== undefined));

/** NaN for an empty cell, undefined for what is no number. */
function readCell(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value === null || value === undefined) return NaN;
  return typeof value === 'string' ? (parseNumber(value) ?? undefined) : undefined;
}

const readColumns = (value: unknown): ArrayLike<unknown> | null =>
  Array.isArray(value) ? value.map((cell) => readCell(cell) ?? cell) : null;
