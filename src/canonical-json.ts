import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys, so that equal values have equal text whatever order they were written in.
 * `undefined` members are left out, as `JSON.stringify` does.
 *
 * @throws {TypeError} for numbers that JSON cannot hold (NaN, infinities): they would hash like `null`.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`Expected a finite number, got ${value}.`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** The first 16 hexadecimal digits (64 bits) of the SHA-256 of a value's canonical JSON: a short, stable key. */
export function shortHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);
}
