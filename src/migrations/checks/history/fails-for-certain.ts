import type { Revision } from '../../history.js';
import { historyCheck } from '../snapshot.js';
import { sightOf, type Sight } from '../../sight.js';

/** Calls that the tool refuses, so that the direction of the revision always fails. */
export const failsForCertain = historyCheck({
  id: 'fails-for-certain',
  severity: 'medium',
  needs: ['history'],
  run: ({ history: { revisions } }) =>
    (['up', 'down'] as const).flatMap((direction) => {
      const places = revisions.flatMap((revision) => refusedIn(revision, direction));
      if (places.length === 0) return [];
      return [{ data: { direction, places }, severity: direction === 'up' ? ('high' as const) : ('medium' as const) }];
    }),
});

const refusedIn = (revision: Revision, direction: 'up' | 'down'): readonly Sight[] =>
  (revision[direction]?.operations ?? [])
    .filter(({ effects }) => effects.some(({ kind }) => kind === 'refused'))
    .map((operation) => sightOf(revision, operation));
