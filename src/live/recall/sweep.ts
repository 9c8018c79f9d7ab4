import { PgvtuneError } from '../../errors.js';

/** A setting, and the values that it is measured at, ascending. */
export interface Sweep {
  readonly setting: string;
  readonly values: readonly number[];
}

const MOST_VALUES = 40;

/**
 * Reads `hnsw.ef_search=20..400`, values that grow by about √2, or `hnsw.ef_search=20,40,80`.
 *
 * @throws {PgvtuneError} `usage`
 */
export function readSweep(text: string): Sweep {
  const [, setting, range] = /^\s*([a-z_][\w.]*)\s*=\s*(.+?)\s*$/i.exec(text) ?? [];
  const [, low, high] = /^(\d+)\s*\.\.\s*(\d+)$/.exec(range ?? '') ?? [];
  const values =
    low === undefined || high === undefined
      ? [...new Set((range ?? '').split(',').map((value) => (/^\s*\d+\s*$/.test(value) ? Number(value) : NaN)))]
      : ladder(Number(low), Number(high));
  if (setting === undefined || values.length < 2 || values.some(Number.isNaN)) {
    throw new PgvtuneError('usage', `Expected a setting and its values, got "${text}".`, {
      hint: 'Write hnsw.ef_search=20..400, or hnsw.ef_search=20,40,80.',
    });
  }
  if (values.length > MOST_VALUES) {
    throw new PgvtuneError('usage', `Expected ${MOST_VALUES} values at most, got ${values.length}.`, {
      hint: 'Each is measured with every query: name fewer.',
    });
  }
  return { setting, values: values.toSorted((a, b) => a - b) };
}

/** Whole numbers from `low` to `high`, both included, each about √2 times the one before. */
function ladder(low: number, high: number): number[] {
  if (!(low > 0 && low < high)) return [];
  const steps = Math.ceil(2 * Math.log2(high / low));
  return [...new Set(Array.from({ length: steps + 1 }, (_, step) => Math.round(low * (high / low) ** (step / steps))))];
}
