import { isNarrower, mistypedKeys } from '../../foreign-key-types.js';
import { relationsOf } from '../../relations.js';
import { schemaCheck } from './check.js';

/** Types that differ make PostgreSQL convert one of them at each comparison, and may keep an index from being used. */
export const foreignKeyTypeMismatch = schemaCheck({
  id: 'foreign-key-type-mismatch',
  severity: 'medium',
  needs: ['tables', 'columns', 'foreignKeys'],
  run: ({ foreignKeys, ...parts }) => mistypedKeys(foreignKeys, relationsOf(parts), (pair) => !isNarrower(pair)),
});
