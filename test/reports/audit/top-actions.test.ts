import { expect, it } from 'vitest';
import type { AuditFinding } from '../../../src/audit/index.js';
import { topActions } from '../../../src/reports/audit/render.js';

const finding = (key: string, rest: Partial<Record<keyof AuditFinding, unknown>>): AuditFinding =>
  ({ key, code: 'slow-statement', area: 'statements', severity: 'medium', remedy: null, data: {}, ...rest }) as never;
const index = { remedy: { statements: ['CREATE INDEX i ON t (a);'] } };

it('names an action once, where it is most severe', () => {
  const findings = [
    finding('counters', { area: 'n-plus-one', data: { parent: 'SELECT 1', child: 'SELECT 2' } }),
    finding('log', { area: 'n-plus-one', data: { query: 'SELECT 2' } }),
    finding('slow', { data: { query: 'SELECT 2' } }),
    finding('key', { area: 'indexes', code: 'unindexed-foreign-key', ...index }),
    finding('workload', { area: 'indexes', code: 'workload-index', severity: 'low', ...index }),
    finding('defect', { area: 'vectors', code: 'pgvector-defect' }),
    finding('another', { area: 'vectors', code: 'pgvector-defect' }),
    finding('known', { severity: 'info' }),
    finding('setting', { severity: 'info', remedy: { statements: ['ALTER DATABASE d SET jit = off;'] } }),
  ];
  expect(topActions(findings).map(({ key }) => key)).toEqual(['counters', 'slow', 'key', 'defect', 'setting']);
});
