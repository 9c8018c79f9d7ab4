import { indexKey, keyMakesRedundant, makesRedundant } from '../../replay/index-key.js';
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

/** Indexes whose keys are the first keys of another one or of a key constraint, created before or later. */
export const redundantIndex = historyCheck({
  id: 'redundant-index',
  severity: 'low',
  needs: ['replay'],
  run: ({ replay: { schema, lives } }) =>
    lives.flatMap((life) => {
      const table = schema.tables.get(life.table ?? '');
      const own = life.dropped === null && life.index ? table?.indexes.get(life.name) : undefined;
      if (!table || !own) return [];
      const longer = [...table.indexes.values()].find((other) => other !== own && makesRedundant(other, own));
      const key = [...table.constraints.values()].find((constraint) => keyMakesRedundant(constraint, own));
      const name = longer?.name ?? key?.name;
      const other = lives.find(
        (one) =>
          one.dropped === null &&
          one.name === name &&
          one.table === life.table &&
          (one.kind === 'index' || one.kind === 'constraint'),
      );
      if (name === undefined || !other) return [];
      return [
        {
          data: { index: own.name, table: own.table, created: life.created, other: name, otherCreated: other.created },
        },
      ];
    }),
});
