import { groupBy } from '../../../group-by.js';
import type { Life } from '../../replay/lives.js';
import { startOf } from '../../sight.js';
import { historyCheck } from '../snapshot.js';

/** Two revisions of which the second drops all that the first creates, and neither does anything else. */
export const cancellingRevisions = historyCheck({
  id: 'cancelling-revisions',
  severity: 'low',
  needs: ['graph', 'replay'],
  run: ({ graph: { order }, replay: { lives } }) => {
    const own = lives.filter(({ wentAlong, kind }) => !wentAlong || kind === 'table');
    const createdIn = groupBy(own, ({ created }) => created.revision);
    const droppedIn = groupBy(own, ({ dropped }) => dropped?.revision ?? '');
    const pairs = order.flatMap((first) => {
      const all = createdIn.get(first.id) ?? [];
      const created = all.filter((life) => isMain(life, all));
      const enders = new Set(created.map(({ dropped }) => dropped?.revision ?? ''));
      const [ender] = enders;
      if (created.length === 0 || enders.size !== 1 || !ender || ender === first.id) return [];
      const second = order.find(({ id }) => id === ender);
      const creates = effectsOf(first).every((kind) => kind.startsWith('create-') || kind.startsWith('add-'));
      const drops = second !== undefined && effectsOf(second).every((kind) => kind.startsWith('drop-'));
      const others = (droppedIn.get(ender) ?? []).some((life) => life.created.revision !== first.id);
      return second && creates && drops && !others ? [{ first: startOf(first), second: startOf(second) }] : [];
    });
    return pairs.length === 0 ? [] : [{ data: { pairs } }];
  },
});

/** Columns and constraints of a table that the same revision creates belong to the table. */
const isMain = (life: Life, ofRevision: readonly Life[]): boolean =>
  life.kind === 'table' || !ofRevision.some((other) => other.kind === 'table' && other.name === life.table);

const effectsOf = (revision: Parameters<typeof startOf>[0]): readonly string[] =>
  revision.up.operations.flatMap(({ effects }) => effects.map(({ kind }) => kind));
