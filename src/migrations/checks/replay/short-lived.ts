import type { Life } from '../../replay/lives.js';
import type { Sight } from '../../sight.js';
import { bareName } from '../../sql/names.js';
import { historyCheck } from '../snapshot.js';

/** Something that was created and later dropped. */
export interface ShortLife {
  readonly name: string;
  readonly created: Sight;
  readonly dropped: Sight;
}

/** What was created and later dropped by itself, not along with its table or column. */
const ended = (lives: readonly Life[], kind: Life['kind']): readonly ShortLife[] =>
  lives.flatMap((life) =>
    life.kind === kind && life.dropped !== null && !life.wentAlong
      ? [
          {
            name: life.table === null ? life.name : `${life.table}.${bareName(life.name)}`,
            created: life.created,
            dropped: life.dropped,
          },
        ]
      : [],
  );

const shortLived = <const Id extends string>(id: Id, kind: Life['kind']) =>
  historyCheck({
    id,
    severity: 'info',
    needs: ['replay'],
    run: ({ replay: { lives } }) => {
      const gone = ended(lives, kind);
      return gone.length === 0 ? [] : [{ data: { gone, of: lives.filter((life) => life.kind === kind).length } }];
    },
  });

export const droppedTables = shortLived('dropped-tables', 'table');
export const droppedColumns = shortLived('dropped-columns', 'column');
export const droppedIndexes = shortLived('dropped-indexes', 'index');
export const droppedConstraints = shortLived('dropped-constraints', 'constraint');
export const droppedEnums = shortLived('dropped-enums', 'enum');
