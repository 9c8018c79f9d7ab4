/** An object of a database: which one it is, and all that makes it what it is. */
export interface CatalogEntry {
  /** `table`, `column`, `index` … */
  readonly class: string;
  readonly name: string;
  readonly definition: string;
}

/** An object that two catalogs do not have alike; null where one of them does not have it. */
export interface CatalogDifference {
  readonly class: string;
  readonly name: string;
  readonly first: string | null;
  readonly second: string | null;
}

/** What differs between two catalogs, in the order of classes and names. */
export function compareCatalogs(
  first: readonly CatalogEntry[],
  second: readonly CatalogEntry[],
): readonly CatalogDifference[] {
  const [a, b] = [indexed(first), indexed(second)];
  return [...new Set([...a.keys(), ...b.keys()])]
    .flatMap((key) => {
      const [one, other] = [a.get(key), b.get(key)];
      if (one?.definition === other?.definition) return [];
      const { class: of, name } = (one ?? other)!;
      return [{ class: of, name, first: one?.definition ?? null, second: other?.definition ?? null }];
    })
    .toSorted((x, y) => (x.class === y.class ? (x.name < y.name ? -1 : 1) : x.class < y.class ? -1 : 1));
}

const indexed = (entries: readonly CatalogEntry[]): ReadonlyMap<string, CatalogEntry> =>
  new Map(entries.map((entry) => [`${entry.class} ${entry.name}`, entry]));
