import { indexKey, keyMakesRedundant, makesRedundant } from '../../replay/index-key.js';
import type { Life } from '../../replay/lives.js';
import { historyCheck } from '../snapshot.js';

/** Indexes of the final schema that do the same as another one. */
export const duplicateIndex = historyCheck({
  id: 'duplicate-index',
  severity: 'medium',
  needs: ['replay'],
  run: ({ replay: { lives } }) => {
    const first = new Map<string, Life>();
    return lives.flatMap((life) => {
      if (!life.index || life.dropped !== null) return [];
      const table = life.table!;
      const key = indexKey({ ...life.index, table });
      const earlier = first.get(key);
      if (!earlier) {
        first.set(key, life);
        return [];
      }
      return [
        {
          data: {
            index: life.name,
            table,
            created: life.created,
            other: earlier.name,
            otherCreated: earlier.created,
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
