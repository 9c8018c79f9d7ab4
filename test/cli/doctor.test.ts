import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

let directory: ReturnType<typeof workingDirectory>;
beforeAll(() => {
  directory = workingDirectory();
});
afterAll(() => directory.remove());

const doctor = (...argv: string[]) => pgvtune(directory.path, 'doctor', ...argv);

describe.runIf(await hasLocal())('doctor of an existing server', () => {
  const cluster = sharedServer('local');
  let url: (role: string, database: string) => string;

  beforeAll(async () => {
    const folder = await socketFolder(cluster());
    url = (role, database) => `postgres://${role}@/${database}?host=${folder}`;
    const admin = await cluster().connect('admin');
    await admin.query(`
      CREATE ROLE healthy LOGIN IN ROLE pg_read_all_stats;
      GRANT CREATE ON DATABASE postgres TO healthy;
      ALTER ROLE healthy SET jit = off;
      ALTER ROLE healthy SET maintenance_work_mem = '64MB';
      CREATE ROLE ill LOGIN;
      ALTER ROLE ill SET default_transaction_read_only = on;
      ALTER ROLE ill SET enable_seqscan = off;
      ALTER ROLE ill SET plan_cache_mode = force_custom_plan;
      CREATE ROLE "red\u001b[31m" LOGIN`);
    await admin.query('CREATE DATABASE bare');
    await admin.close();
  });

  it('exits with 0 where nothing is of high severity', async () => {
    const { code, stdout, stderr } = await doctor('--server', url('healthy', 'postgres'), '--no-color');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^PostgreSQL \d+.*, pgvector \d+\.\d+\.\d+, .*\/postgres\n/);
    expect(stdout).toMatch(/^medium {2}maintenance_work_mem is 64 MB: /m);
    expect(stdout).not.toMatch(/^high/m);
    expect(stdout).not.toContain('Not checked');
  });

  it('reports all faults at once, the worst first, then what it could not check, and exits with 1', async () => {
    const { code, stdout } = await doctor('--server', url('ill', 'bare'), '--no-color');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^PostgreSQL .*, no pgvector, /);
    const lines = stdout.split('\n');
    const high = lines.filter((line) => line.startsWith('high    '));
    expect(high).toEqual([
      expect.stringMatching(/Database "bare" has no extension vector\. .* CREATE EXTENSION vector;$/),
      expect.stringMatching(/Transactions are read-only .* ALTER ROLE "ill" SET default_transaction_read_only = off;$/),
      expect.stringMatching(/GRANT CREATE ON DATABASE "bare" TO "ill";$/),
      expect.stringMatching(/^high {4}enable_seqscan is off: /),
    ]);
    expect(stdout).toMatch(/^medium {2}plan_cache_mode is force_custom_plan/m);
    expect(stdout.indexOf('medium  ')).toBeGreaterThan(stdout.lastIndexOf('high    '));
    expect(lines.slice(lines.indexOf('Not checked:'))).toEqual([
      'Not checked:',
      '  no-extension-usage, old-pgvector, known-defects, no-iterative-scan, extension-outdated: this database has no pgvector',
      '  other-sessions: the role may not see what other sessions do; the privileges of pg_read_all_stats would allow it',
      '',
    ]);
  });

  it('says the same in JSON, with the figures', async () => {
    const { code, stdout } = await doctor('--server', url('ill', 'bare'), '--json');
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(DOCUMENTS.doctor.safeParse(report).error).toBeUndefined();
    expect(report).toMatchObject({ server: expect.stringMatching(/\/bare$/), pgvector: null });
    for (const finding of report.findings) {
      expect(finding).toEqual({
        code: expect.stringMatching(/^[a-z-]+$/),
        severity: expect.stringMatching(/^(high|medium|low|info)$/),
        data: expect.any(Object),
        text: expect.any(String),
      });
    }
    expect(report.findings).toContainEqual({
      code: 'planner-method-off',
      severity: 'high',
      data: { role: 'ill', setting: 'enable_seqscan' },
      text: expect.stringContaining('enable_seqscan is off'),
    });
    expect(report.unchecked).toContainEqual({
      id: 'other-sessions',
      missing: [{ part: 'otherActiveSessions', why: 'sessions-hidden' }],
      text: expect.stringContaining('pg_read_all_stats'),
    });
  });

  it('does not let a name of the server speak to the terminal', async () => {
    const { code, stdout } = await doctor('--server', url('red%1b%5b31m', 'bare'), '--no-color');
    expect(code).toBe(1);
    expect(stdout).toContain('TO "red\ufffd[31m";');
    expect(stdout).not.toContain('\u001b');
  });

  it('exits with 4 where there is no such database', async () => {
    const { code, stdout, stderr } = await doctor('--server', url('healthy', 'nowhere'));
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/nowhere.*does not exist/);
  });
});
