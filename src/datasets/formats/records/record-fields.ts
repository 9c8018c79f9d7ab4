import { fileError, type Place } from '../file-error.js';
import type { FieldOptions } from '../format.js';
import { isNumber, RANKS, type VectorShape } from '../vectors/vector-shape.js';
import { explainNoVector, type NoVector, SEVERAL_VECTORS } from '../vectors/vector-text.js';
import { columnsField, type Field, type FileRecord, member, pathField, valueAt } from './field.js';
import { type FieldShape, nestedVectors, oneColumnADimension, shapeAt, shapesOf } from './shapes.js';

/*
 * Files of records (JSON, CSV, Parquet) do not say which field is the vector, which the text, which the id. Names and
 * values tell in most cases, options in the others. Everything else is an attribute.
 */

/** Names that are preferred when several fields could be meant. */
const VECTOR_NAMES = ['embedding', 'vector', 'values', 'emb'];
const TEXT_NAMES = ['content', 'text', 'body', 'document'];
const ID_NAMES = ['id', '_id'];

/** What pandas calls the index of a table when it writes it as a column: positions, which are no data. */
const PANDAS_INDEX = ['Unnamed: 0', '__index_level_0__'];

/** Which field is which; null where there is none. */
export interface RowFields {
  readonly vector: Field | null;
  readonly text: Field | null;
  readonly id: Field | null;
  /** The attributes that were asked for; null: whatever else there is. */
  readonly attributes: readonly Field[] | null;
  /** Neither any of these nor an attribute. */
  readonly ignored: readonly Field[];
}

/** Fields of records that bring their vectors. */
export interface RecordFields extends RowFields {
  readonly vector: Field;
  readonly shape: VectorShape;
}

/**
 * Which fields of a file are which, by its first records.
 *
 * @throws {PgvtuneError} `dataset` when no field, or none of several, can be told to be the vector; or a named one is missing
 */
export function detectFields(path: string, sample: readonly FileRecord[], options: FieldOptions): RecordFields {
  const shapes = shapesOf(sample).filter(
    ({ field }) => field.name !== options.idField || field.name === options.vectorField,
  );
  const { vectorField } = options;
  const { field: vector, vector: shape } =
    vectorField === undefined ? detectVector(path, sample, shapes) : namedVector(path, sample, shapes, vectorField);
  return { vector, shape: shape!, ...detectOthers(path, sample, shapesOf(sample), { options, vector }) };
}

/**
 * Fields of records whose vectors are in another file. A vector that they bring too is told by its name alone: any other
 * list of numbers is an attribute.
 *
 * @throws {PgvtuneError} `dataset` when a named text or id is missing
 */
export function detectRowFields(path: string, sample: readonly FileRecord[], options: FieldOptions): RowFields {
  const shapes = shapesOf(sample);
  const vectors = shapes.filter(({ vector }) => vector !== null);
  const vector = byName(vectors, [options.vectorField ?? '', ...VECTOR_NAMES])?.field ?? null;
  return { vector, ...detectOthers(path, sample, shapes, { options, vector }) };
}

function detectOthers(
  path: string,
  sample: readonly FileRecord[],
  shapes: readonly FieldShape[],
  { options, vector }: { readonly options: FieldOptions; readonly vector: Field | null },
): Omit<RowFields, 'vector'> {
  const others = shapes.filter(({ field }) => vector?.kind === 'path' || !vector?.steps.includes(field.name));
  const named = (field: string | undefined, what: string): Field | null =>
    field === undefined ? null : findField(path, sample, shapes, { name: field, what });
  const texts = others.filter(({ isText }) => isText);
  const text = named(options.textField, 'text') ?? byName(texts, TEXT_NAMES)?.field ?? null;
  const id = named(options.idField, 'id') ?? byName(others, ID_NAMES)?.field ?? null;
  return {
    text,
    id,
    attributes: options.attributes?.map((name) => named(name, 'attribute')!) ?? null,
    ignored: PANDAS_INDEX.filter((name) => name !== id?.name).map(member),
  };
}

/** Names as they are before names in other cases: `ID` is an id where there is no `id`. */
function byName(shapes: readonly FieldShape[], names: readonly string[]): FieldShape | undefined {
  const first = (isEqual: (name: string, field: string) => boolean): FieldShape | undefined => {
    const name = names.find((each) => shapes.some(({ field }) => isEqual(each, field.name)));
    return name === undefined ? undefined : shapes.find(({ field }) => isEqual(name, field.name));
  };
  return first((name, field) => name === field) ?? first((name, field) => name === field.toLowerCase());
}

/** A member of that name, a path to a place within one, or `dim_*`. @throws {PgvtuneError} `dataset` when there is nothing */
function findField(
  path: string,
  sample: readonly FileRecord[],
  shapes: readonly FieldShape[],
  { name, what }: { readonly name: string; readonly what: string },
): Field {
  const exact = shapes.find(({ field }) => field.name === name)?.field;
  if (exact) return exact;
  const columns = name.endsWith('*') ? shapes.filter(({ field }) => field.name.startsWith(name.slice(0, -1))) : [];
  if (columns.length > 0)
    return columnsField(
      name,
      columns.map(({ field }) => field.name),
    );
  const nested = pathField(name);
  if (sample.some((record) => valueAt(record, nested) !== undefined)) return nested;
  throw fileError(path, {}, `expected a field "${name}" for the ${what}, got ${list(shapes)}.`, {
    hint: 'Write a place within a field as "metadata.tenant" or "data[0].embedding".',
  });
}

function namedVector(
  path: string,
  sample: readonly FileRecord[],
  shapes: readonly FieldShape[],
  name: string,
): FieldShape {
  const field = findField(path, sample, shapes, { name, what: 'vector' });
  const counted =
    field.kind === 'columns'
      ? oneColumnADimension(
          sample,
          shapes.filter((shape) => field.steps.includes(shape.field.name)),
        )
      : null;
  const shape = counted ?? shapeAt(sample, field, true);
  if (shape.vector !== null) return shape;
  throw noVector(path, sample, [shape], `expected "${name}" to hold vectors`);
}

function detectVector(path: string, sample: readonly FileRecord[], shapes: readonly FieldShape[]): FieldShape {
  const candidates = shapes.filter(({ vector }) => vector !== null);
  const found = mostLikely(candidates) ?? (candidates.length === 0 ? mostLikely(nestedVectors(sample)) : null);
  const vector = found ?? (candidates.length === 0 ? oneColumnADimension(sample, shapes) : null);
  if (vector !== null) return vector;
  const nested = candidates.length === 0 ? nestedVectors(sample) : candidates;
  const got = nested.length === 0 ? 'none' : list(nested);
  throw noVector(path, sample, shapes, `expected one field with an array of numbers, got ${got} among ${list(shapes)}`);
}

/** The one with the usual name, or else the only one of the most likely form. */
function mostLikely(candidates: readonly FieldShape[]): FieldShape | null {
  const named = byName(candidates, VECTOR_NAMES) ?? byLastStep(candidates);
  if (named) return named;
  const rank = RANKS.find((each) => candidates.some(({ vector }) => vector?.rank === each));
  const best = candidates.filter(({ vector }) => vector?.rank === rank);
  return best.length === 1 ? best[0]! : null;
}

/** `data[0].embedding` is called so, too, if it is the only one. */
function byLastStep(candidates: readonly FieldShape[]): FieldShape | undefined {
  const called = candidates.filter(({ field }) => VECTOR_NAMES.includes(field.steps.at(-1)!.toLowerCase()));
  return called.length === 1 ? called[0] : undefined;
}

/** Says what was found where a vector was expected, as far as that shows the cause. */
function noVector(path: string, sample: readonly FileRecord[], shapes: readonly FieldShape[], message: string): Error {
  const usual =
    shapes.find(({ field }) => VECTOR_NAMES.includes(field.name.toLowerCase())) ??
    shapes.find(() => shapes.length === 1);
  const value = usual && sample.map((record) => valueAt(record, usual.field)).find((each) => (each ?? null) !== null);
  const because = usual && explainValue(value);
  if (because)
    return fileError(path, {}, `${message}: in "${usual.field.name}", ${because.reason}.`, { hint: because.hint });
  return fileError(path, {}, `${message}.`, {
    hint: 'Name the field of the vector (--vector-field), or add embeddings to the file first.',
  });
}

function explainValue(value: unknown): NoVector | null {
  if (typeof value === 'string') return explainNoVector(value);
  return Array.isArray(value) && Array.isArray(value[0]) ? SEVERAL_VECTORS : null;
}

const list = (shapes: readonly FieldShape[]): string => {
  const shown = shapes.slice(0, 20).map(({ field }) => JSON.stringify(field.name));
  return shown.length === 0 ? 'no fields' : shown.join(', ') + (shapes.length > shown.length ? ', …' : '');
};

/**
 * Text, or an integer where that loses nothing. Fractions are text: `1501.0259` and `1501.02590` are two ids.
 *
 * @throws {PgvtuneError} `dataset` for what is no id, or an integer that double precision may have changed
 */
export function readId(value: unknown, path: string, place: Place): string | number {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (!Number.isInteger(value)) return String(value);
    if (Number.isSafeInteger(value)) return value;
    throw fileError(path, place, `the id ${value} is too large to be read exactly.`, {
      hint: 'Write such ids as strings.',
    });
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  throw fileError(path, place, `expected an id, got ${value === undefined ? 'nothing' : JSON.stringify(value)}.`);
}

/**
 * Copies a vector into `target`, whose length are its dimensions; NaN for what is no number that float32 can hold.
 *
 * @returns false when there is none
 * @throws {PgvtuneError} `dataset` for other lengths and for what is neither a vector nor null
 */
export function readVectorInto(
  value: unknown,
  { vector, shape }: Pick<RecordFields, 'vector' | 'shape'>,
  target: Float32Array,
  path: string,
  place: Place,
): boolean {
  const dimensions = target.length;
  const field = JSON.stringify(vector.name);
  if (value === null || value === undefined) return false;
  const numbers = shape.read(value);
  if (numbers === null) {
    const because = explainValue(value);
    const got = because?.reason ?? JSON.stringify(value).slice(0, 40);
    const hint = because === null ? {} : { hint: because.hint };
    throw fileError(path, place, `expected ${field} to be an array of ${dimensions} numbers, got ${got}.`, hint);
  }
  if (numbers.length !== dimensions) {
    const message = `expected ${field} to have ${dimensions} dimensions like the rows before, got ${numbers.length}.`;
    throw fileError(path, place, message);
  }
  if (numbers instanceof Float32Array) {
    target.set(numbers);
    return true;
  }
  for (let i = 0; i < dimensions; i++) {
    const number = numbers[i];
    if (!isNumber(number) && number !== null) {
      const got = (JSON.stringify(number) ?? 'nothing').slice(0, 40);
      throw fileError(path, place, `expected numbers in ${field}, got ${got} at position ${i + 1}.`);
    }
    target[i] = number === null ? NaN : Number(number);
  }
  return true;
}
