import { historyCheck } from '../snapshot.js';
import { sightOf } from '../../sight.js';

/** Operations whose execution depends on the database that they meet. */
export const conditionalOperations = historyCheck({
  id: 'conditional-operations',
  severity: 'low',
  needs: ['history'],
  run: ({ history: { revisions } }) => {
    const places = revisions.flatMap((revision) =>
      revision.up.operations
        .filter(({ condition }) => condition !== null && condition.kind !== 'check-first')
        .map((operation) =>
          sightOf(revision, { place: { file: operation.place.file, line: operation.condition!.line } }),
        ),
    );
    const distinct = places.filter(
      (place, index) => places.findIndex(({ file, line }) => file === place.file && line === place.line) === index,
    );
    return distinct.length === 0 ? [] : [{ data: { places: distinct, operations: places.length } }];
  },
});
