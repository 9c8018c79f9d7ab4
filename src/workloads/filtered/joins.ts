import type { Join } from '../../filter.js';
import { storedColumn } from '../../json-path.js';

/** A table that a statement joins, and what it is called in it. */
export interface JoinedStep {
  readonly table: string;
  readonly alias: string;
  /** The table whose rows name an entry of this one, and by which column. */
  readonly from: string;
  readonly key: string;
  /** Stored there: what the join says, and what its entries name the next table's by. */
  readonly columns: readonly string[];
}

/** What the table of the vectors is called in a statement with a join. */
export const ITEMS_ALIAS = 'i';

/** The tables of a join, from the one that the rows point to on; none without a join. */
export function stepsOf(join: Join | null): readonly JoinedStep[] {
  const steps: JoinedStep[] = [];
  for (let [next, from] = [join ?? undefined, ITEMS_ALIAS]; next; next = next.join) {
    const { table, key, columns } = next;
    const alias = `d${steps.length === 0 ? '' : steps.length + 1}`;
    steps.push({ table, alias, from, key, columns: [...columns, ...(next.join ? [next.join.key] : [])] });
    from = alias;
  }
  return steps;
}

/** The step whose table stores a column, or that of a path; undefined for one of the rows. */
export const stepOf = (steps: readonly JoinedStep[], name: string): JoinedStep | undefined => {
  const column = storedColumn(name);
  return steps.find(({ columns }) => columns.includes(column));
};

/** The columns that a join looks at: keys, and what is stored in its tables. */
export const columnsOfJoin = (join: Join | null): readonly string[] => [
  ...new Set(stepsOf(join).flatMap(({ key, columns }) => [key, ...columns])),
];
