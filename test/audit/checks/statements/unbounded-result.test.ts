import { expect, it } from 'vitest';
import { unboundedResult } from '../../../../src/audit/checks/statements/unbounded-result.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedStatement } from '../../../support/statement-counters.js';

describeWithServers('unbounded-result', () => {
  it('speaks of a statement whose counters say so, and not of one whose do not', async () => {
    const found = await countedStatement();
    expect(found(unboundedResult, { calls: 30, rows: 60_000 })).toEqual([
      expect.objectContaining({ severity: 'info', basis: 'statements', object: expect.stringContaining('FROM t') }),
    ]);
    expect(found(unboundedResult, { calls: 30, rows: 300 })).toEqual([]);
    expect(found(unboundedResult)).toEqual([]);
  });
});
