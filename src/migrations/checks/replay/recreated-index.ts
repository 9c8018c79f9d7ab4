import { indexKey } from '../../replay/index-key.js';
import type { Life } from '../../replay/lives.js';
import type { Sight } from '../../sight.js';
import { historyCheck } from '../snapshot.js';

/** An index that was dropped and created again: built twice, and missing in between. */
export const recreatedIndex = historyCheck({
  id: 'recreated-index',
  severity: 'medium',
  needs: ['replay'],
  run: ({ replay: { lives } }) => {
    const indexes = lives.filter(({ kind }) => kind === 'index');
    const keys = new Map(indexes.map((life) => [life, life.index && indexKey(life.index)]));
    const again = indexes.flatMap((life, at) => {
      if (life.dropped === null || life.wentAlong) return [];
      const isSame = (other: Life): boolean => keys.get(life) !== null && keys.get(other) === keys.get(life);
      const later = indexes.slice(at + 1);
      const same = later.find((next) => next.name === life.name) ?? later.find(isSame);
      if (!same) return [];
      const isIdentical = isSame(same);
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
