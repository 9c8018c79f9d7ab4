import { nearestSearchFindings } from '../../statements/nearest-searches.js';
import { vectorCheck } from './check.js';

/** A search whose ORDER BY no index can serve, although the column has one. */
export const unindexableOrder = vectorCheck({
  id: 'unindexable-order',
  severity: 'medium',
  needs: ['statements', 'tables', 'columns', 'indexes'],
  run: ({ statements: { statements }, ...parts }) =>
    nearestSearchFindings(statements, parts, ({ defect }) => (defect ? { defect } : null)),
});
