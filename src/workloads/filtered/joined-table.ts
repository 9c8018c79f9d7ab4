import { canonicalJson } from '../../canonical-json.js';
import { PgvtuneError } from '../../errors.js';
import type { Attributes } from './columns.js';
import type { JoinedStep } from './joins.js';

/** The entries of a joined table, gathered from the rows that point to them. */
export interface JoinedTable {
  /** @throws {PgvtuneError} `dataset` when the row contradicts an earlier one of the same key */
  add(attributes: Attributes): void;
  /** One for each key, in the order in which they first came: its `id`, and the values of the join's columns. */
  entries(): IterableIterator<Attributes>;
}

/** Takes a dataset's flat rows apart into the tables that an application would have. */
export function createJoinedTable({ table, key, columns }: Pick<JoinedStep, 'table' | 'key' | 'columns'>): JoinedTable {
  const byKey = new Map<unknown, Attributes>();
  return {
    add(attributes) {
      const id = attributes[key];
      if (id === null || id === undefined) return;
      const entry = Object.fromEntries(columns.map((name) => [name, attributes[name] ?? null]));
      const before = byKey.get(id);
      if (before === undefined) {
        byKey.set(id, { id, ...entry });
        return;
      }
      const differing = columns.find((name) => canonicalJson(before[name]) !== canonicalJson(entry[name]));
      if (differing === undefined) return;
      throw new PgvtuneError(
        'dataset',
        `The rows of ${key} ${JSON.stringify(id)} do not agree on ${differing}: it cannot be stored in ${table}.`,
        {
          hint: `Leave ${differing} out of join.columns, or join by another key.`,
        },
      );
    },
    entries: () => byKey.values(),
  };
}
