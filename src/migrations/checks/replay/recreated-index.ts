import { indexKey } from '../../replay/index-key.js';
import type { Sight } from '../../sight.js';
import { historyCheck } from '../snapshot.js';

/** An index that was dropped and created again: built twice, and missing in between. */
export const recreatedIndex = historyCheck({
  id: 'recreated-index',
  severity: 'medium',
  needs: ['replay'],
  run: ({ replay: { lives } }) => {
    const indexes = lives.filter(({ kind }) => kind === 'index');
    const again = indexes.flatMap((life) => {
      if (life.dropped === null || life.wentAlong) return [];
      const later = indexes.slice(indexes.indexOf(life) + 1);
      const same =
        later.find((next) => next.name === life.name) ?? later.find((next) => sameIndex(next.index, life.index));
      if (!same) return [];
      const isIdentical = sameIndex(same.index, life.index);
      const renamed = same.name === life.name ? null : same.name;
      return [{ index: life.name, renamed, isIdentical, dropped: life.dropped, created: same.created satisfies Sight }];
    });
    const identical = again.filter(({ isIdentical }) => isIdentical);
    const changed = again.filter(({ isIdentical }) => !isIdentical);
    return [
      ...(identical.length > 0 ? [{ data: { again: identical, isIdentical: true } }] : []),
      ...(changed.length > 0 ? [{ data: { again: changed, isIdentical: false }, severity: 'info' as const }] : []),
    ];
  },
});

const sameIndex = (a: Parameters<typeof indexKey>[0] | null, b: Parameters<typeof indexKey>[0] | null): boolean =>
  a !== null && b !== null && indexKey(a) === indexKey(b);
