import { expect, it } from 'vitest';
import { listVariants } from '../../../../src/audit/checks/statements/list-variants.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { asApplication, databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('list-variants', () => {
  it('counts lists of different lengths as one statement', async () => {
    const database = await databaseWith('CREATE EXTENSION pg_stat_statements', 'CREATE TABLE t (id int)');
    const found = async () => foundBy(listVariants, await databaseSnapshot(database));
    const lists = (lengths: readonly number[]): Promise<void> =>
      asApplication(database, async (session) => {
        for (const length of lengths) {
          await session.query(`SELECT id FROM t WHERE id IN (${Array.from({ length }, (_, i) => i).join(', ')})`);
        }
      });
    await lists([2, 3, 4]);
    expect(await found()).toEqual([]);
    await lists([5, 6, 7]);
    const asMany = [
      expect.objectContaining({ severity: 'info', data: expect.objectContaining({ variants: 6, calls: 6 }) }),
    ];
    // From 18 on the server itself counts them as one.
    const { server } = await databaseSnapshot(database);
    await asApplication(database, async (session) => {
      // Two arguments are no list, in whichever order constants and parameters are.
      for (let i = 0; i < 6; i++) {
        const calls = [1, 2, 4].map((bit) => (i & bit ? 'greatest($1, 1)' : 'greatest(1, $1)'));
        await session.query(`SELECT ${calls.join(', ')} FROM t`, [1]);
      }
    });
    expect(await found()).toEqual(server.number >= 18_00_00 ? [] : asMany);
  });
});
