import type { Effect } from '../../effects.js';
import type { Revision } from '../../history.js';
import { historyCheck } from '../snapshot.js';
import { sightOf } from '../../sight.js';

/**
 * Rows are changed in the revision that changes tables: the locks of the schema change are held while the rows are
 * written, and the revision cannot be squashed without a decision about the data.
 */
export const dataWithSchema = historyCheck({
  id: 'data-with-schema',
  severity: 'medium',
  needs: ['history'],
  run: ({ history: { revisions } }) => {
    const mixed = revisions.flatMap((revision) => {
      const existing = tablesBefore(revision);
      const change = revision.up.operations.find(({ effects }) =>
        effects.some((effect) => isData(effect) && !existing.has(tableOf(effect))),
      );
      return change && revision.up.operations.some(({ effects }) => effects.some(locksStrongly))
        ? [sightOf(revision, change)]
        : [];
    });
    return mixed.length === 0 ? [] : [{ data: { places: mixed, of: revisions.length } }];
  },
});

const isData = (effect: Effect): boolean => effect.kind === 'data';
const tableOf = (effect: Effect): string => (effect.kind === 'data' ? (effect.table ?? '') : '');

/** Tables that the revision itself creates: rows of those hurt nobody. */
const tablesBefore = (revision: Revision): ReadonlySet<string> =>
  new Set(
    revision.up.operations.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.kind === 'create-table' ? [effect.table] : [])),
    ),
  );

const STRONG: ReadonlySet<Effect['kind']> = new Set([
  'drop-table',
  'rename-table',
  'add-column',
  'drop-column',
  'rename-column',
  'set-type',
  'set-not-null',
  'set-default',
  'add-constraint',
  'drop-constraint',
  'create-index',
  'drop-index',
]);
const locksStrongly = ({ kind }: Effect): boolean => STRONG.has(kind);
