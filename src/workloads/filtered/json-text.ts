/**
 * PostgreSQL's `json ->> key` of jsonb: text as it is, anything else as jsonb prints it; null where there is no such member, or
 * JSON's null.
 *
 * Source: PostgreSQL `src/backend/utils/adt/jsonb.c` JsonbToCString, `jsonb_util.c` lengthCompareJsonbString.
 *
 * @param keys one for each level
 */
export function memberText(json: unknown, keys: readonly string[]): string | null {
  const member = memberOf(json, keys);
  if (member === null || member === undefined) return null;
  return typeof member === 'string' ? member : jsonbText(member);
}

/** What a chain of `->` leads to; null where there is no such member. */
export const memberOf = (json: unknown, keys: readonly string[]): unknown =>
  keys.reduce((value, key) => (hasMembers(value) && Object.hasOwn(value, key) ? value[key] : null), json);

/** Objects; the items of an array have no keys. */
export const hasMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonbText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonbText).join(', ')}]`;
  if (typeof value === 'number') return decimalText(value);
  if (!hasMembers(value)) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => byLength(Buffer.from(a), Buffer.from(b)));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}: ${jsonbText(member)}`).join(', ')}}`;
}

const byLength = (a: Buffer, b: Buffer): number => a.length - b.length || Buffer.compare(a, b);

/** A number without an exponent, as `numeric` prints it. */
function decimalText(value: number): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value);
  const digits = whole + fraction;
  const shift = Number(exponent);
  return sign + (shift < 0 ? `0.${digits.padStart(digits.length - shift - 1, '0')}` : digits.padEnd(shift + 1, '0'));
}
