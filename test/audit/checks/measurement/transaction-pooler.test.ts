import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { transactionPooler } from '../../../../src/audit/checks/measurement/transaction-pooler.js';
import type { Server } from '../../../../src/postgres/index.js';
import { describeWithServers, findingsOf, newLogin, snapshotOf, socketOf } from '../../../support/check-servers.js';
import { findPgbouncer, startPgbouncer } from '../../../support/pgbouncer.js';
import { temporaryFolder } from '../../../support/processes.js';
import { open, warnOnce } from '../../../support/servers.js';

const FOUND = [{ code: 'transaction-pooler', severity: 'high', data: {} }];

describe('transaction-pooler', () => {
  const temporary = temporaryFolder();
  let embedded: Server;
  beforeAll(async () => {
    vi.stubEnv('TMPDIR', temporary.path);
    embedded = await open('embedded');
    vi.unstubAllEnvs();
  });
  afterAll(async () => {
    await embedded.stop();
    temporary.remove();
  });

  it('speaks where all sessions share one backend, as on the socket of PGlite', async () => {
    const folder = join(temporary.path, temporary.entries()[0]!);
    expect(transactionPooler.run(await read(`postgres://postgres@/postgres?host=${folder}`))).toEqual(FOUND);
  });
});

const pgbouncer = await findPgbouncer();
if (!pgbouncer) warnOnce('SKIPPED: tests behind a pooler, because pgbouncer is not installed.');

describeWithServers('transaction-pooler', () => {
  it.runIf(pgbouncer)('speaks behind pgbouncer in transaction mode, not in session mode', async () => {
    const { role } = await newLogin();
    for (const mode of ['transaction', 'session'] as const) {
      const pooler = await startPgbouncer(pgbouncer!, mode, socketOf('healthy'), role);
      try {
        const parts = await read(`postgres://${role}@/postgres?host=${pooler.folder}`);
        expect(transactionPooler.run(parts)).toEqual(mode === 'transaction' ? FOUND : []);
      } finally {
        await pooler.stop();
      }
    }
  });

  it('is silent without a pooler', async () => {
    expect(await findingsOf(transactionPooler, await newLogin())).toEqual([]);
  });
});

async function read(url: string): Promise<{ readonly backendsShared: boolean }> {
  const { backendsShared } = await snapshotOf(url);
  if (typeof backendsShared !== 'boolean') throw new Error(`Not read: ${backendsShared.unread}`);
  return { backendsShared };
}
