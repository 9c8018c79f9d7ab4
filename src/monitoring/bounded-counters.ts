/** One object and its counters, as the server has them at one moment. */
export interface CounterRow<Name extends string> {
  readonly key: string;
  readonly values: Readonly<Record<Name, number>>;
}

/** Sums of increases since the first look: of the named objects, and of all others together. */
export interface CounterTotals<Name extends string> {
  readonly named: ReadonlyMap<string, Readonly<Record<Name, number>>>;
  readonly other: Readonly<Record<Name, number>>;
}

/** Counters of many objects, of which a bounded number is told apart. */
export interface BoundedCounters<Name extends string> {
  /** How many more objects can get a name. */
  readonly free: () => number;
  /**
   * Adds what was counted since the last look.
   *
   * @param rows those that are to be named first come first
   * @param options.isAnother the rows are those of another server, or of one that was started again: they only say where
   *   counting begins
   * @param options.unnamed objects that never get a name
   */
  readonly look: (
    rows: readonly CounterRow<Name>[],
    options?: { readonly isAnother?: boolean; readonly unnamed?: ReadonlySet<string> },
  ) => void;
  readonly totals: () => CounterTotals<Name>;
}

/**
 * Counters that only grow, whatever happens to the objects: Prometheus takes a counter that falls for one that began anew
 * at 0, so a sum over objects of which one is dropped would look like a burst of work as large as the sum. An object without a
 * name when it is first seen counts among the others for as long as it lives.
 *
 * @param options.most objects that are told apart at the same time
 * @param options.forGood whether a name stays taken when its object is gone
 */
export function createBoundedCounters<Name extends string>(
  names: readonly Name[],
  { most, forGood }: { readonly most: number; readonly forGood: boolean },
): BoundedCounters<Name> {
  const zero = (): Record<Name, number> => Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  const named = new Map<string, Record<Name, number>>();
  const other = zero();
  let before = new Map<string, Readonly<Record<Name, number>>>();
  let isFirst = true;

  return {
    free: () => most - named.size,
    look(rows, { isAnother = false, unnamed = new Set() } = {}) {
      const now = new Map(rows.map(({ key, values }) => [key, values]));
      if (!forGood) for (const key of named.keys()) if (!now.has(key)) named.delete(key);
      for (const { key } of rows) {
        const isNew = isFirst || isAnother || !before.has(key);
        if (isNew && named.size < most && !named.has(key) && !unnamed.has(key)) named.set(key, zero());
      }
      for (const [key, values] of now) {
        const sums = named.get(key) ?? other;
        const last = before.get(key);
        for (const name of names) {
          // A counter that fell was set to 0 in between; an object that was not there has counted from 0.
          const since = last === undefined || values[name] < last[name] ? 0 : last[name];
          if (!isFirst && !isAnother) sums[name] += values[name] - since;
        }
      }
      before = now;
      isFirst = false;
    },
    totals: () => ({ named, other }),
  };
}
