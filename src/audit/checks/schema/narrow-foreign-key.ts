import { isNarrower, mistypedKeys } from '../../foreign-key-types.js';
import { relationsOf } from '../../relations.js';
import { schemaCheck } from './check.js';

/** An integer column that cannot hold every key that it refers to: inserts fail once the keys pass its range. */
export const narrowForeignKey = schemaCheck({
  id: 'narrow-foreign-key',
  severity: 'medium',
  needs: ['tables', 'columns', 'foreignKeys'],
  run: ({ foreignKeys, ...parts }) => mistypedKeys(foreignKeys, relationsOf(parts), isNarrower),
});
