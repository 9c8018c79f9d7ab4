import { expect, it } from 'vitest';
import { dominantStatement } from '../../../../src/audit/checks/statements/dominant-statement.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedStatement } from '../../../support/statement-counters.js';

describeWithServers('dominant-statement', () => {
  it('speaks of a statement whose counters say so, and not of one whose do not', async () => {
    const found = await countedStatement();
    expect(found(dominantStatement, { calls: 200_000, executionMs: 120_000 })).toEqual([
      expect.objectContaining({ severity: 'low', basis: 'statements', object: expect.stringContaining('FROM t') }),
    ]);
    expect(found(dominantStatement, { calls: 20, executionMs: 120_000 })).toEqual([]);
    expect(found(dominantStatement)).toEqual([]);
  });
});
