import { relationsOf } from '../relations.js';
import { plainName } from '../sql.js';
import type { DatabaseSnapshot } from '../snapshot/database.js';
import type { Index } from '../snapshot/relations.js';
import type { Statement } from '../snapshot/statements.js';
import { isVectorIndex } from '../vector-indexes.js';
import { ofStatement } from './evidence.js';
import { catalogOf } from './look-up.js';
import type { NearestSearch } from '../../statements/index.js';

/** Rarer ones may have been typed by hand. */
const LEAST_CALLS = 10;

type Parts = Pick<DatabaseSnapshot, 'tables' | 'columns' | 'indexes'>;

/**
 * What is found of searches for the nearest vectors on columns that have an index for that: one finding for each, with the
 * figures that `more` gives of it.
 *
 * @param more null: nothing is wrong
 */
export function nearestSearchFindings<More extends object>(
  statements: readonly Statement[],
  parts: Parts,
  more: (nearest: NearestSearch, indexes: readonly Index[]) => More | null,
) {
  const relations = relationsOf(parts);
  const { find } = catalogOf(parts);
  return statements.flatMap((statement) => {
    const nearest = statement.shape?.nearest;
    const found = nearest && find(statement.shape, nearest);
    if (!nearest || !found || statement.calls < LEAST_CALLS) return [];
    const indexes = relations
      .indexesOf(found.table.oid)
      .filter((index) => isVectorIndex(index) && index.keys[0]!.column === found.column.number);
    const own = indexes.length === 0 ? null : more(nearest, indexes);
    if (own === null) return [];
    return [
      {
        ...ofStatement(statement, 'high'),
        data: {
          query: statement.query,
          column: `${plainName(found.table)}.${found.column.name}`,
          operator: nearest.operator,
          calls: statement.calls,
          meanMs: statement.meanMs,
          ...own,
        },
      },
    ];
  });
}
