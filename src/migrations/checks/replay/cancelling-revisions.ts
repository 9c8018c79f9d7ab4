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
    const pairs = order.flatMap((first) => {
      const created = own.filter((life) => life.created.revision === first.id && isMain(life, own));
      const enders = new Set(created.map(({ dropped }) => dropped?.revision ?? ''));
      const [ender] = enders;
      if (created.length === 0 || enders.size !== 1 || !ender || ender === first.id) return [];
      const second = order.find(({ id }) => id === ender);
      const creates = effectsOf(first).every((kind) => kind.startsWith('create-') || kind.startsWith('add-'));
      const drops = second !== undefined && effectsOf(second).every((kind) => kind.startsWith('drop-'));
      const others = own.some((life) => life.dropped?.revision === ender && life.created.revision !== first.id);
      return second && creates && drops && !others ? [{ first: startOf(first), second: startOf(second) }] : [];
    });
    return pairs.length === 0 ? [] : [{ data: { pairs } }];
  },
});

/** Columns and constraints of a table that the same revision creates belong to the table. */
const isMain = (life: Life, all: readonly Life[]): boolean =>
  life.kind === 'table' ||
  !all.some(
    (other) => other.kind === 'table' && other.name === life.table && other.created.revision === life.created.revision,
  );

const effectsOf = (revision: Parameters<typeof startOf>[0]): readonly string[] =>
  revision.up.operations.flatMap(({ effects }) => effects.map(({ kind }) => kind));
