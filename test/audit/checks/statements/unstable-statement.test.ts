import { expect, it } from 'vitest';
import { unstableStatement } from '../../../../src/audit/checks/statements/unstable-statement.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedStatement } from '../../../support/statement-counters.js';

describeWithServers('unstable-statement', () => {
  it('speaks of a statement whose counters say so, and not of one whose do not', async () => {
    const found = await countedStatement();
    expect(found(unstableStatement, { calls: 200, meanMs: 2, deviationMs: 20 })).toEqual([
      expect.objectContaining({ severity: 'info', basis: 'statements', object: expect.stringContaining('FROM t') }),
    ]);
    expect(found(unstableStatement, { calls: 200, meanMs: 2, deviationMs: 2 })).toEqual([]);
    expect(found(unstableStatement)).toEqual([]);
  });
});
