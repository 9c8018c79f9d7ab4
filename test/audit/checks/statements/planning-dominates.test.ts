import { expect, it } from 'vitest';
import { planningDominates } from '../../../../src/audit/checks/statements/planning-dominates.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedStatement } from '../../../support/statement-counters.js';

describeWithServers('planning-dominates', () => {
  it('speaks of a statement whose counters say so, and not of one whose do not', async () => {
    const found = await countedStatement();
    expect(found(planningDominates, { calls: 200, planningMs: 600, executionMs: 100 })).toEqual([
      expect.objectContaining({ severity: 'info', basis: 'statements', object: expect.stringContaining('FROM t') }),
    ]);
    expect(found(planningDominates, { calls: 200, planningMs: 100, executionMs: 600 })).toEqual([]);
    expect(found(planningDominates)).toEqual([]);
  });
});
