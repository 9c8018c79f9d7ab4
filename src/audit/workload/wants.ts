import { relationsOf, rowsOf } from '../relations.js';
import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { Index } from '../snapshot/relations.js';
import type { Statement } from '../snapshot/statements.js';
import { catalogOf } from '../statements/look-up.js';
import type { ColumnUse } from '../../statements/index.js';
import { type Predicate, predicatesOf } from './predicates.js';

/** The index that one statement would like to have on one table. */
export interface Want {
  readonly statement: Statement;
  readonly tableOid: number;
  /** Columns that must equal something: in any order. */
  readonly equal: readonly number[];
  /** Columns behind them, in this order: those of ORDER BY, or one that is compared with a bound. */
  readonly behind: readonly number[];
  /** Holds for the rows that it asks for, and for few others; null: none is known. */
  readonly predicate: Predicate | null;
}

/** Types that no B-tree orders. */
const UNORDERED = new Set(
  'json xml point line lseg box path polygon circle xid cid aclitem vector halfvec sparsevec'.split(' '),
);
/** A scan of fewer rows is as fast. */
const LEAST_ROWS = 1000;

export type WantParts = Pick<DatabaseSnapshot, 'tables' | 'columns' | 'indexes' | 'columnStatistics'>;

/** What statements want, where no index begins with it already. */
export function wantsOf(statements: readonly Statement[], parts: WantParts): readonly Want[] {
  const relations = relationsOf(parts);
  const { find, tableOf } = catalogOf(parts);
  return statements.flatMap((statement) => {
    const { shape } = statement;
    if (!shape || shape.nearest) return [];
    const numbersIn = (uses: readonly ColumnUse[], tableOid: number): readonly number[] => [
      ...new Set(
        uses
          .flatMap((use) => find(shape, use) ?? [])
          .filter(({ table, column }) => table.oid === tableOid && !UNORDERED.has(column.typeName))
          .map(({ column }) => column.number),
      ),
    ];
    const tables = new Set(shape.relations.flatMap(({ name, schema }) => tableOf(name, schema) ?? []));
    return [...tables].flatMap((table) => {
      if (table.kind !== 'table' || rowsOf(table) < LEAST_ROWS) return [];
      const of = (uses: readonly ColumnUse[]): readonly number[] => numbersIn(uses, table.oid);
      const equal = [...new Set([...of(shape.equalities), ...of(shape.lists), ...of(shape.joined)])];
      const ordered = of(shape.order).filter((column) => !equal.includes(column));
      const inOrder = shape.limited && shape.lists.length === 0 && ordered.length === shape.order.length;
      const behind = inOrder && ordered.length > 0 ? ordered : of(shape.ranges).slice(0, 1);
      const want = {
        statement,
        tableOid: table.oid,
        equal,
        behind: behind.filter((column) => !equal.includes(column)),
        predicate: null,
      };
      const isEmpty = want.equal.length + want.behind.length === 0;
      const indexes = relations.indexesOf(table.oid);
      if (!isEmpty && indexes.some((index) => serves(index, want))) return [];
      const [predicate] = predicatesOf(statement, table, parts);
      if (!predicate) return isEmpty ? [] : [want];
      const isThere = indexes.some(
        (one) => one.valid && one.predicate !== null && one.columns.includes(predicate.column),
      );
      return isThere ? [] : [partial(want, predicate, ordered, indexes)];
    });
  });
}

/** The same for the rows of a predicate alone: what it says need not be a key, unless nothing else is. */
function partial(want: Want, predicate: Predicate, ordered: readonly number[], indexes: readonly Index[]): Want {
  const others = (columns: readonly number[]) => columns.filter((column) => column !== predicate.column);
  const equal = others(want.equal);
  const behind = others(want.behind.length > 0 ? want.behind : equal.length > 0 ? [] : ordered);
  const [key] = indexes.find(({ constraint }) => constraint?.kind === 'primary')?.keys ?? [];
  const isEmpty = equal.length + behind.length === 0;
  return { ...want, predicate, equal, behind: isEmpty ? [key?.column || predicate.column] : behind };
}

/** Whether an index begins with what is wanted. */
const serves = ({ valid, predicate, method, keys }: Index, { equal, behind }: Want): boolean =>
  valid &&
  predicate === null &&
  method === 'btree' &&
  begins(
    keys.map(({ column }) => column),
    equal,
    behind,
  );

/** Whether columns begin with some in any order, and then others in theirs. */
export const begins = (columns: readonly number[], equal: readonly number[], behind: readonly number[]): boolean =>
  columns.length >= equal.length + behind.length &&
  equal.every((column) => columns.slice(0, equal.length).includes(column)) &&
  behind.every((column, i) => columns[equal.length + i] === column);
