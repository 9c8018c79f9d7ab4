import { expect, it } from 'vitest';
import { slowStatement } from '../../../../src/audit/checks/statements/slow-statement.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedStatement } from '../../../support/statement-counters.js';

describeWithServers('slow-statement', () => {
  it('speaks of a statement whose counters say so, and not of one whose do not', async () => {
    const found = await countedStatement();
    expect(found(slowStatement, { calls: 200, meanMs: 30, executionMs: 6000 })).toEqual([
      expect.objectContaining({ severity: 'medium', basis: 'statements', object: expect.stringContaining('FROM t') }),
    ]);
    expect(found(slowStatement, { calls: 30, meanMs: 1200, executionMs: 36_000 })).toHaveLength(1);
    expect(found(slowStatement, { calls: 3, meanMs: 1200, executionMs: 3600 })).toEqual([]);
    expect(found(slowStatement, { calls: 200, meanMs: 3, executionMs: 600 })).toEqual([]);
    expect(found(slowStatement)).toEqual([]);
  });
});
