import { MAX_DIMENSIONS } from '../../store/manifest.js';

/** The longest text form of a vector that is parsed: 16,000 numbers of 25 characters. */
const MAX_CHARACTERS = 400_000;

const SPARSE = /^\{([^{}]*)\}\/(\d{1,10})$/;

/**
 * Reads a vector that was written as text. Null when it is something else; a number that float32 cannot hold is left to
 * the checks of the vector, and so is NaN, as which `null`, `None` and infinities are read too.
 *
 * - `[1,2.5,-3e-4]`: pgvector, JSON, Python
 * - `[ 1.   2.5 -3e-4]`: NumPy, over several lines if it was long
 * - `{1,2.5,-3e-4}`: `real[]` of PostgreSQL
 * - `{1:0.5,7:2}/10`: `sparsevec`, whose positions count from 1
 */
export function parseVector(text: string): number[] | null {
  const trimmed = text.trim();
  if (trimmed.length < 3 || trimmed.length > MAX_CHARACTERS) return null;
  const [first, last] = [trimmed[0], trimmed.at(-1)];
  if (first === '[' && last === ']') return parseJsonNumbers(trimmed) ?? parseItems(trimmed.slice(1, -1));
  if (first !== '{') return null;
  return last === '}' ? parseItems(trimmed.slice(1, -1)) : parseSparse(trimmed);
}

/** By far the fastest way, and the most common form. */
function parseJsonNumbers(text: string): number[] | null {
  try {
    const value = JSON.parse(text) as unknown[];
    return value.every((item) => typeof item === 'number') ? value : null;
  } catch {
    return null;
  }
}

/** Numbers between commas, or between blanks where there is no comma. */
function parseItems(text: string): number[] | null {
  const items = text.includes(',') ? text.split(',') : text.trim().split(/\s+/);
  const numbers = items.map(parseNumber);
  return numbers.includes(null) ? null : (numbers as number[]);
}

/** NaN for what means no number, null for what is none. */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  return /^(?:[+-]?(?:nan|inf|infinity)|null|none)$/i.test(trimmed) ? NaN : null;
}

function parseSparse(text: string): number[] | null {
  const [, entries = '', length = ''] = SPARSE.exec(text) ?? [];
  const dimensions = Number(length);
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) return null;
  const numbers = Array<number>(dimensions).fill(0);
  for (const entry of entries.trim() === '' ? [] : entries.split(',')) {
    const [, position = '', value = ''] = /^\s*(\d+)\s*:([^:]*)$/.exec(entry) ?? [];
    const number = parseNumber(value);
    if (number === null || Number(position) < 1 || Number(position) > dimensions) return null;
    numbers[Number(position) - 1] = number;
  }
  return numbers;
}

/** Why something is no vector that can be read, and what to do about it. */
export interface NoVector {
  readonly reason: string;
  readonly hint: string;
}

export const SEVERAL_VECTORS: NoVector = {
  reason: 'a row has several vectors',
  hint: 'An index holds one vector a row: write each as a row of its own, with the id of its document as an attribute.',
};

/** Why text that looks like a vector is none that can be read; null when it does not look like one. */
export function explainNoVector(text: string): NoVector | null {
  const trimmed = text.trim();
  if (/^\[[^\]]*\.\.\.[^\]]*\]$/.test(trimmed)) {
    return {
      reason: 'NumPy printed only the first and last numbers of the vector ("...")',
      hint: 'Write vector.tolist() instead of str(vector): the numbers between are not in the file.',
    };
  }
  if (/^(?:\[\s*\[|\{\s*\{)/.test(trimmed)) return SEVERAL_VECTORS;
  const dimensions = Number(SPARSE.exec(trimmed)?.[2] ?? 0);
  if (dimensions > MAX_DIMENSIONS) {
    return {
      reason: `a sparsevec of ${dimensions} dimensions is wider than the ${MAX_DIMENSIONS} that a vector can have`,
      hint: 'Project it to fewer dimensions first.',
    };
  }
  return null;
}

/**
 * The text form of a vector. Nine significant digits tell every float32 from every other (IEEE 754, clause 5.12.2).
 */
export const formatVector = (vector: Float32Array): string =>
  `[${Array.from(vector, (value) => Number(value.toPrecision(9))).join(',')}]`;
