import { parseJson } from './json.js';

/** Reads the text of a cell as a value of the column's kind, or leaves it as it is when it does not fit. */
export type CellReader = (cell: string) => unknown;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Numbers as a program writes them: `007` is a code and `12345678901234567890` an identifier, and both remain text. */
const readNumber: CellReader = (cell) => {
  const number = NUMBER.test(cell) ? Number(cell) : NaN;
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : cell;
};

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, t: true, f: false };

/** As JSON writes them, and as PostgreSQL does. */
const readBoolean: CellReader = (cell) => (Object.hasOwn(BOOLEANS, cell) ? BOOLEANS[cell] : cell);

const readJson: CellReader = (cell) => {
  if (!/^\s*[[{]/.test(cell)) return cell;
  try {
    return parseJson(cell);
  } catch {
    return cell;
  }
};

/** What a column holds, told by the first of its cells: numbers, booleans, JSON, or else text. */
export function guessReader(cells: readonly (string | null)[]): CellReader {
  const filled = cells.filter((cell) => cell !== null);
  const fits = (reader: CellReader): boolean => filled.length > 0 && filled.every((cell) => reader(cell) !== cell);
  return [readNumber, readBoolean, readJson].find(fits) ?? ((cell) => cell);
}

/** Whole numbers where all ids are such, written without leading zeros; digits that a double would round stay text. */
export function guessIdReader(cells: readonly (string | null)[]): CellReader {
  const filled = cells.filter((cell) => cell !== null);
  const readInteger: CellReader = (cell) => (/^-?(?:0|[1-9]\d*)$/.test(cell) ? readNumber(cell) : cell);
  return filled.every((cell) => readInteger(cell) !== cell) ? readInteger : (cell) => cell;
}
