import { expect, it } from 'vitest';
import type { WritesRecord } from '../../../src/results/index.js';
import { benches, hnsw } from '../../support/running-bench.js';
import { describeServers } from '../../support/servers.js';

await describeServers('the cost of writes', (server) => {
  const running = benches(server, { rows: 800, dimensions: 32, queries: 60 });

  it('is that of new entries for INSERT and UPDATE, and nothing for DELETE, and leaves the table as it was', async () => {
    const bench = await running();
    const { session, workspace } = bench;
    const content = async (): Promise<unknown> =>
      session.query(`SELECT count(*), md5(string_agg(id || ' ' || embedding::text, ',' ORDER BY id))
                       FROM ${workspace.quote('items')}`);
    const before = await content();
    const build = await bench.build(hnsw(8, 32));
    const [record] = await bench.reply({ kind: 'writes', requests: [{ build: build.key }] });
    const writes = record as WritesRecord;
    const extra = ({ with: own, without }: Pick<WritesRecord, 'with' | 'without'>): number =>
      own.walBytes - without.walBytes;
    // An element of 32 dimensions is more than 128 bytes, with its neighbours and theirs.
    expect(extra(writes)).toBeGreaterThan(128);
    // Of one row, and of this statement: a page at most for the lists of its neighbours.
    expect(extra(writes)).toBeLessThan(8192);
    expect(extra(writes.update!)).toBeGreaterThan(0.5 * extra(writes));
    expect(extra(writes.update!)).toBeLessThan(2 * extra(writes));
    expect(Math.abs(extra(writes.delete!))).toBeLessThan(0.1 * extra(writes));
    expect(await content()).toEqual(before);

    // A graph keeps the entries of rows that were rolled back, and takes such a vector for next to nothing.
    const [again] = await bench.reply({ kind: 'writes', requests: [{ build: build.key, beside: [] }] });
    expect(extra(again as WritesRecord)).toBeGreaterThan(0.5 * extra(writes));

    // Its own rows are no change of the table by somebody else.
    const point = { build: build.key, workload: { kind: 'plain', k: 10 }, settings: { ef_search: 40 } } as const;
    const asked = [{ ...point, queries: 60, purpose: 'search' as const }];
    const [measured] = await bench.reply({ kind: 'point', requests: asked });
    expect(measured).toMatchObject({ type: 'point', status: 'ok', reason: null });
  });
});
