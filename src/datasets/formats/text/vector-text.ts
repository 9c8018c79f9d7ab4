/** The longest text form of a vector that is parsed: 16,000 numbers of 25 characters. */
const MAX_CHARACTERS = 400_000;

/**
 * Reads pgvector's text form, which is JSON's too: `[1,2.5,-3e-4]`. Null when it is something else; a number that is out
 * of float32's range is left to the checks of the vector.
 */
export function parseVector(text: string): number[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']') || trimmed.length > MAX_CHARACTERS) return null;
  const numbers: number[] = [];
  for (const item of trimmed.slice(1, -1).split(',')) {
    const number = item.trim() === '' ? NaN : Number(item);
    if (Number.isNaN(number)) return null;
    numbers.push(number);
  }
  return numbers;
}

/**
 * The text form of a vector. Nine significant digits tell every float32 from every other (IEEE 754, clause 5.12.2).
 */
export const formatVector = (vector: Float32Array): string =>
  `[${Array.from(vector, (value) => Number(value.toPrecision(9))).join(',')}]`;
