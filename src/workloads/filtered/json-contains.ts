/**
 * PostgreSQL's `left @> right` on jsonb: objects contain by member, arrays by element in any order and number, and an
 * array, at the top only, also contains a scalar that is one of its elements.
 *
 * Source: PostgreSQL `src/backend/utils/adt/jsonb_util.c` JsonbDeepContains; the manual, section 8.14.3.
 */
export function jsonContains(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && !isContainer(right)) return left.includes(right);
  return contains(left, right);
}

function contains(left: unknown, right: unknown): boolean {
  if (Array.isArray(right)) {
    return Array.isArray(left) && right.every((item) => left.some((candidate) => contains(candidate, item)));
  }
  if (isContainer(right)) {
    if (!isContainer(left) || Array.isArray(left)) return false;
    return Object.entries(right).every(([key, item]) => Object.hasOwn(left, key) && contains(left[key], item));
  }
  return left === right;
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
