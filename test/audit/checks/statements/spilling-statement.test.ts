import { expect, it } from 'vitest';
import { spillingStatement } from '../../../../src/audit/checks/statements/spilling-statement.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedStatement } from '../../../support/statement-counters.js';

describeWithServers('spilling-statement', () => {
  it('speaks of a statement whose counters say so, and not of one whose do not', async () => {
    const found = await countedStatement();
    expect(found(spillingStatement, { calls: 10, temporaryBlocksWritten: 10_000 })).toEqual([
      expect.objectContaining({ severity: 'low', basis: 'statements', object: expect.stringContaining('FROM t') }),
    ]);
    expect(found(spillingStatement, { calls: 1, temporaryBlocksWritten: 1000 })).toEqual([]);
    expect(found(spillingStatement, { calls: 10, temporaryBlocksWritten: 10 })).toEqual([]);
    expect(found(spillingStatement)).toEqual([]);
  });
});
