import { fileError, type Place } from './file-error.js';
import type { FieldOptions } from './format.js';
import { parseVector } from './text/vector-text.js';

/*
 * Files of records (JSON, CSV, Parquet) do not say which field is the vector, which the text, which the id. Names and
 * types tell in most cases, options in the others. Everything else is an attribute.
 */

/** Names that are preferred when several fields could be meant. */
const VECTOR_NAMES = ['embedding', 'vector', 'values', 'emb'];
const TEXT_NAMES = ['content', 'text', 'body', 'document'];
const ID_NAMES = ['id', '_id'];

/** Which field is which; null where there is none. */
export interface RowFields {
  readonly vector: string | null;
  readonly text: string | null;
  readonly id: string | null;
}

/** Fields of records that bring their vectors. */
export interface RecordFields extends RowFields {
  readonly vector: string;
}

/** What is known about a file's fields before its records are read. */
export interface FieldShape {
  readonly name: string;
  /** Could be a vector: an array of numbers, or one in text form. */
  readonly isVector: boolean;
  /** Could be the text to search. */
  readonly isText: boolean;
}

/** @throws {PgvtuneError} `dataset` when no field, or none of several, can be told to be the vector; or a named one is missing */
export function detectFields(path: string, shapes: readonly FieldShape[], options: FieldOptions): RecordFields {
  const vector = named(path, shapes, options.vectorField, 'vector') ?? detectVector(path, shapes);
  return { vector, ...detectTextAndId(path, shapes, options, vector) };
}

/**
 * Fields of records whose vectors are in another file. A vector that they bring too is told by its name alone: any other
 * list of numbers is an attribute.
 *
 * @throws {PgvtuneError} `dataset` when a named text or id is missing
 */
export function detectRowFields(path: string, shapes: readonly FieldShape[], options: FieldOptions): RowFields {
  const vectors = vectorsAmong(shapes);
  const vector = [options.vectorField ?? '', ...VECTOR_NAMES].find((name) => vectors.includes(name)) ?? null;
  return { vector, ...detectTextAndId(path, shapes, options, vector) };
}

function detectTextAndId(
  path: string,
  shapes: readonly FieldShape[],
  options: FieldOptions,
  vector: string | null,
): Pick<RowFields, 'text' | 'id'> {
  const others = shapes.filter(({ name }) => name !== vector);
  const texts = others.filter(({ isText }) => isText).map(({ name }) => name);
  const names = others.map(({ name }) => name);
  return {
    text: named(path, shapes, options.textField, 'text') ?? TEXT_NAMES.find((name) => texts.includes(name)) ?? null,
    id: named(path, shapes, options.idField, 'id') ?? ID_NAMES.find((name) => names.includes(name)) ?? null,
  };
}

function named(path: string, shapes: readonly FieldShape[], field: string | undefined, what: string): string | null {
  const names = shapes.map(({ name }) => name);
  if (field === undefined) return null;
  if (names.includes(field)) return field;
  throw fileError(path, {}, `expected a field "${field}" for the ${what}, got ${list(names)}.`);
}

const vectorsAmong = (shapes: readonly FieldShape[]): string[] =>
  shapes.filter(({ isVector }) => isVector).map(({ name }) => name);

function detectVector(path: string, shapes: readonly FieldShape[]): string {
  const vectors = vectorsAmong(shapes);
  const vector = vectors.length === 1 ? vectors[0] : VECTOR_NAMES.find((name) => vectors.includes(name));
  if (vector !== undefined) return vector;
  const found = vectors.length === 0 ? 'none' : list(vectors);
  throw fileError(
    path,
    {},
    `expected one field with an array of numbers, got ${found} among ${list(shapes.map(({ name }) => name))}.`,
    {
      hint: 'Name the field of the vector (--vector-field), or add embeddings to the file first.',
    },
  );
}

const list = (names: readonly string[]): string => {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name));
  return shown.length === 0 ? 'no fields' : shown.join(', ') + (names.length > shown.length ? ', …' : '');
};

/** @throws {PgvtuneError} `dataset` for what is no id, or an integer that JSON's double precision may have changed */
export function readId(value: unknown, path: string, place: Place): string | number {
  if (typeof value === 'string' || (typeof value === 'number' && !Number.isInteger(value))) return value;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value;
    throw fileError(path, place, `the id ${value} is too large to be read exactly.`, {
      hint: 'Write such ids as strings.',
    });
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  throw fileError(path, place, `expected an id, got ${value === undefined ? 'nothing' : JSON.stringify(value)}.`);
}

/** The numbers of a vector, which may be in text form; null for what is none. */
export function numbersOf(value: unknown): ArrayLike<unknown> | null {
  if (typeof value === 'string') return parseVector(value);
  return Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>) : null;
}

/** Copies a vector into `target`, whose length are its dimensions. @throws {PgvtuneError} `dataset` for other lengths and for what is not a finite float32 */
export function readVectorInto(value: unknown, field: string, target: Float32Array, path: string, place: Place): void {
  const dimensions = target.length;
  const numbers = numbersOf(value);
  if (numbers === null) {
    const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
    throw fileError(path, place, `expected "${field}" to be an array of ${dimensions} numbers, got ${got}.`);
  }
  if (numbers.length !== dimensions) {
    throw fileError(
      path,
      place,
      `expected "${field}" to have ${dimensions} dimensions like the rows before, got ${numbers.length}.`,
    );
  }
  if (value instanceof Float32Array) {
    // The store looks for NaN and infinity itself; only other types could hold more than float32 can.
    target.set(value);
    return;
  }
  for (let i = 0; i < dimensions; i++) {
    const number = numbers[i];
    target[i] = typeof number === 'number' ? number : NaN;
    if (!Number.isFinite(target[i])) {
      const got = typeof number === 'number' ? String(number) : (JSON.stringify(number) ?? 'nothing').slice(0, 40);
      throw fileError(path, place, `expected finite float32 numbers in "${field}", got ${got} at position ${i + 1}.`);
    }
  }
}
