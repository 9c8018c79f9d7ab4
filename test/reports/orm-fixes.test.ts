import { expect, it } from 'vitest';
import type { AuditFinding } from '../../src/audit/index.js';
import { linkedFixes } from '../../src/reports/audit/orm-fixes.js';

it('quotes the names of the statement that loads all rows at once', () => {
  const link = {
    foreignKey: 'lines_order',
    childTable: 'public.Order Lines',
    childColumn: 'order"id',
    parentTable: 'public.orders',
    direction: 'to-many',
  };
  const [sql] = linkedFixes({ code: 'query-in-loop', data: { link } } as unknown as AuditFinding);
  expect(sql!.code).toMatch(/^SELECT \* FROM "public"\."Order Lines" WHERE "order""id" = ANY\(\$1\);/);
});
