import { indexKey, makesRedundant } from '../../replay/index-key.js';
import { historyCheck } from '../snapshot.js';

/** Indexes of the final schema that do the same as another one. */
export const duplicateIndex = historyCheck({
  id: 'duplicate-index',
  severity: 'medium',
  needs: ['replay'],
  run: ({ replay: { lives } }) => {
    const alive = lives.flatMap((life) =>
      life.index && life.dropped === null ? [{ life, index: { ...life.index, table: life.table! } }] : [],
    );
    return alive.flatMap(({ life, index }, position) => {
      const earlier = alive.slice(0, position).find((other) => indexKey(other.index) === indexKey(index));
      if (!earlier) return [];
      return [
        {
          data: {
            index: life.name,
            table: index.table,
            created: life.created,
            other: earlier.life.name,
            otherCreated: earlier.life.created,
          },
        },
      ];
    });
  },
});

/** Indexes whose keys are the first keys of another one, created before or later. */
export const redundantIndex = historyCheck({
  id: 'redundant-index',
  severity: 'low',
  needs: ['replay'],
  run: ({ replay: { schema, lives } }) =>
    lives.flatMap((life) => {
      if (!life.index || life.dropped !== null) return [];
      const indexes = [...(schema.tables.get(life.table!)?.indexes.values() ?? [])];
      const own = indexes.find(({ name }) => name === life.name);
      const longer = own && indexes.find((other) => other !== own && makesRedundant(other, own));
      const at =
        longer && lives.find(({ kind, name, dropped }) => kind === 'index' && name === longer.name && dropped === null);
      if (!own || !longer || !at) return [];
      return [
        {
          data: {
            index: own.name,
            table: own.table,
            created: life.created,
            other: longer.name,
            otherCreated: at.created,
          },
        },
      ];
    }),
});
