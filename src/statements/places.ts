/** Members of a node that say where it stands in its text, which no two texts have in common. */
const PLACES = /^(?:location|list_start|list_end|rexpr_list_start|rexpr_list_end|stmt_location|stmt_len)$/;

export const isPlace = (member: string): boolean => PLACES.test(member);

export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, unknown][] =>
      isPlace(key) ? [] : [[key, withoutPlaces(inner)]],
    ),
  );
}
