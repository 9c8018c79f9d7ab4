import { nearestSearchFindings } from '../../statements/nearest-searches.js';
import { operatorsOf } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

/** A search by a distance that none of the column's indexes is made for: each call reads the whole table. */
export const operatorClassMismatch = vectorCheck({
  id: 'operator-class-mismatch',
  severity: 'high',
  needs: ['statements', 'tables', 'columns', 'indexes'],
  run: ({ statements: { statements }, ...parts }) =>
    nearestSearchFindings(statements, parts, ({ operator }, all) => {
      const indexes = all.filter(({ valid }) => valid);
      if (indexes.length === 0 || indexes.some((index) => operatorsOf(index).includes(operator))) return null;
      return { indexes: indexes.map((index) => ({ index: index.name, operators: operatorsOf(index) })) };
    }),
});
