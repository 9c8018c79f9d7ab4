import { englishIn } from '../../support/english-in.js';
import { describe, expect, it } from 'vitest';
import {
  maintenanceReports,
  maintenanceSql,
  scheduleLines,
  viewMaintenance,
} from '../../../src/reports/churn/maintenance.js';
import { plainSql } from '../../../src/reports/tune/sql/plain.js';
import type { ChurnState, RunFiles } from '../../../src/results/index.js';
import { churnRecord, churnState } from '../../support/records.js';
import { manifest } from '../../support/run-manifest.js';
import { describeServers } from '../../support/servers.js';

const changes = { kind: 'changes', inserted: 200, updated: 200, deleted: 100, seconds: 5, beside: null } as const;
const built = churnState({ kind: 'build', seconds: 1 }, { changed: 0 });
const reindex = { kind: 'reindex', seconds: 3, concurrently: true } as const;

const runOf = (...states: ChurnState[]): RunFiles => ({
  folder: '',
  manifest: { ...manifest('local'), command: 'churn' },
  records: [churnRecord(states)],
});

/** A quarter more pages until VACUUM, and twice the size until REINDEX. */
const worn = runOf(
  built,
  churnState(changes, { buffers: 125, indexBytes: 2e6, deadRows: 300 }),
  churnState({ kind: 'vacuum', seconds: 2 }, { indexBytes: 2e6 }),
  churnState(reindex),
);
const healthy = runOf(
  built,
  churnState(changes, { deadRows: 300 }),
  churnState({ kind: 'vacuum', seconds: 2 }),
  churnState(reindex),
);

describe('maintenance.md', () => {
  it('says from how many changes on upkeep is due, and what it gave back', () => {
    expect(scheduleLines(viewMaintenance(worn)!)).toEqual([
      'VACUUM after about 200 changed rows, 20 % of the table. Here it took 2 s with 300 dead rows, and gave back: from 125 to 100 pages a query.',
      'Rebuild the index after about 100 changed rows, 10 % of the table. Here it took 3 s, and gave back: the index from 1.91 MB to 977 kB.',
    ]);
    const [[name, text] = []] = maintenanceReports(worn);
    expect(name).toBe('maintenance.md');
    expect(text).toContain(
      '| REINDEX CONCURRENTLY (3 s) | 500 | 1,000 | 0 | 0.9800 [0.9780, 0.9820] | 100 [98, 102] |',
    );
  });

  it.each([worn, healthy])('has no English left in Russian', (run) => {
    const text = maintenanceReports(run, 'ru')[0]?.[1] ?? '';
    expect(text).toContain('## Расписание');
    expect(englishIn(text)).toEqual([]);
  });

  it('says that nothing is due where nothing was gained', () => {
    expect(scheduleLines(viewMaintenance(healthy)!)).toEqual([
      'After 50 % of the rows had changed, VACUUM did not measurably help searches (it took 2 s with 300 dead rows): the default thresholds of autovacuum suffice.',
      'After 50 % of the rows had changed, rebuilding the index gained less than the limits below (it took 3 s): it is not due yet.',
    ]);
    expect(maintenanceSql(viewMaintenance(healthy)!).join()).not.toContain('autovacuum');
  });
});

await describeServers('the SQL of maintenance.md', (server) => {
  it('runs as printed on a table with the index that tune prints', async () => {
    const session = await server().connect('maintenance');
    await session.query('CREATE TABLE your_table (id bigint PRIMARY KEY, embedding vector(8))');
    await session.query(
      `INSERT INTO your_table SELECT i, array_fill(i::real, ARRAY[8])::vector FROM generate_series(1, 100) i`,
    );
    const run = { ...worn.manifest, dataset: { ...worn.manifest.dataset, rows: 100, dimensions: 8 } };
    const view = viewMaintenance(worn)!;
    const choice = { spec: view.plan.record.request.spec, settings: {}, build: '', point: '' };
    for (const statement of plainSql(run, choice, 10).build) await session.query(statement);
    const statements = maintenanceSql(view);
    expect(statements).toHaveLength(3);
    for (const statement of statements) await session.query(statement);
    const [table] = await session.query<{ options: string[] }>(
      `SELECT reloptions AS options FROM pg_class WHERE oid = 'your_table'::regclass`,
    );
    // Three in five changes leave a dead row, and VACUUM is due when a fifth of the rows have changed.
    expect(table!.options).toEqual(['autovacuum_vacuum_scale_factor=0.12']);
    await session.query('DROP TABLE your_table');
    await session.close();
  });
});
