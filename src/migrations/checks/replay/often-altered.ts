import { type Sight, sightOf } from '../../sight.js';
import type { Effect } from '../../effects.js';
import { historyCheck } from '../snapshot.js';

/** Tables that more revisions altered than this are named. */
const FEW = 5;

/** Every revision that alters a table takes its strongest lock once more. */
export const oftenAltered = historyCheck({
  id: 'often-altered',
  severity: 'info',
  needs: ['graph'],
  run: ({ graph: { order } }) => {
    const tables = new Map<string, Map<string, Sight>>();
    for (const revision of order) {
      const created = new Set<string>();
      for (const operation of revision.up.operations) {
        for (const effect of operation.effects) {
          if (effect.kind === 'create-table') created.add(effect.table);
          const table = alteredTable(effect);
          if (table === null || created.has(table)) continue;
          const sights = tables.get(table) ?? new Map<string, Sight>();
          if (!sights.has(revision.id)) sights.set(revision.id, sightOf(revision, operation));
          tables.set(table, sights);
        }
      }
    }
    const often = [...tables]
      .filter(([, sights]) => sights.size > FEW)
      .map(([table, sights]) => ({ table, revisions: sights.size, places: [...sights.values()] }))
      .toSorted((a, b) => b.revisions - a.revisions);
    return often.length === 0 ? [] : [{ data: { tables: often, atLeast: FEW + 1 } }];
  },
});

const ALTERS: ReadonlySet<Effect['kind']> = new Set([
  'add-column',
  'drop-column',
  'rename-column',
  'set-type',
  'set-default',
  'set-not-null',
  'add-constraint',
  'drop-constraint',
  'rename-constraint',
]);

const alteredTable = (effect: Effect): string | null =>
  ALTERS.has(effect.kind) && 'table' in effect ? effect.table : null;
