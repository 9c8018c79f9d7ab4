import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doctor, recall } from '../../src/index.js';
import { type Cluster, firstSession, startCluster } from '../support/cluster.js';
import { clusteredVectors, insertVectors } from '../support/live-tables.js';
import { hasLocal } from '../support/servers.js';

const urlOf = ({ folder }: Cluster, role = 'postgres'): string => `postgres:///postgres?host=${folder}&user=${role}`;
const OPTIONS = { table: 'app.items', queries: 30 };

describe.runIf(await hasLocal())('a live table', () => {
  let primary: Cluster;
  let standby: Cluster;
  beforeAll(async () => {
    primary = await startCluster({});
    const session = await firstSession(primary);
    await session.query(`
      CREATE SCHEMA extensions;
      CREATE EXTENSION vector SCHEMA extensions;
      CREATE SCHEMA app;
      CREATE TABLE app.items (id int PRIMARY KEY, tenant int, embedding extensions.vector(16));
      CREATE ROLE hurried LOGIN;
      ALTER ROLE hurried SET statement_timeout = '100ms';
      ALTER ROLE hurried SET search_path = '';
      GRANT USAGE ON SCHEMA app, extensions TO hurried;
      GRANT SELECT ON app.items TO hurried;
      SET search_path = public, extensions`);
    await insertVectors(session, 'app.items', clusteredVectors(2000, 16, 'places'));
    await session.query('CREATE INDEX ON app.items USING hnsw (embedding vector_l2_ops); ANALYZE app.items');
    await session.close();
    standby = await startCluster({}, { of: primary });
    await (await firstSession(standby)).close();
  });
  afterAll(async () => {
    await standby?.stop();
    await primary?.stop();
  });

  it('is measured by a role without a search_path, whose statements may take a tenth of a second', async () => {
    const { verdict, measured } = await recall(urlOf(primary, 'hurried'), OPTIONS);
    expect(verdict).toBe('measured');
    expect(measured!.recall.queries).toBe(30);
  });

  it('is measured on a standby, to the same recall', async () => {
    const [there, here] = [await recall(urlOf(standby), OPTIONS), await recall(urlOf(primary), OPTIONS)];
    expect(there.measured!.recall.mean).toEqual(here.measured!.recall.mean);
  });

  it('is not what tune works on there: a standby takes no data', async () => {
    const { findings } = await doctor(urlOf(standby));
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'read-only', data: { role: 'postgres', standby: true } }),
    );
  });
});
