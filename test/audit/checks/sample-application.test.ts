import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Audit, auditDatabase, type DatabaseSnapshot } from '../../../src/audit/index.js';
import {
  AUDIT_DOCUMENTS,
  auditDocument,
  type AuditDocumentId,
  auditTextsIn,
  optimizationScript,
} from '../../../src/reports/index.js';
import { topActions } from '../../../src/reports/audit/render.js';
import { assistantLog, LOG_FAULTS } from '../../fixtures/assistant/log.js';
import { loadAssistant, workBadly, WORK_FAULTS, workWell } from '../../fixtures/assistant/load.js';
import { FAULTS, SCHEMA, VECTOR_INDEX } from '../../fixtures/assistant/schema.js';
import { takeDatabaseSnapshot } from '../../../src/live/index.js';
import { literal } from '../../../src/postgres/index.js';
import { grammar, loadGrammar } from '../../../src/statements/index.js';
import { LANGUAGES } from '../../../src/languages.js';
import { describeWithServers, newLogin, superuser, urlOf } from '../../support/check-servers.js';
import { open } from '../../support/servers.js';
import { withLog } from '../../support/logged.js';
import { asApplication, countedFor, databaseSnapshot, databaseWith, run } from '../../support/database-checks.js';

/**
 * The shared server itself has settings that nobody would have in production, an old pgvector perhaps, and sessions of other
 * tests.
 */
const withoutServer = (snapshot: DatabaseSnapshot): Audit => {
  const { findings, unchecked } = auditDatabase(countedFor(31, snapshot));
  return {
    unchecked,
    findings: findings.filter(
      ({ area, code }) => (area !== 'server' && code !== 'pgvector-defect') || code === 'autovacuum-behind',
    ),
  };
};

async function sampleApplication(): Promise<string> {
  const database = await databaseWith(...SCHEMA);
  await asApplication(database, loadAssistant);
  await run(database, VECTOR_INDEX);
  await asApplication(database, workWell);
  return database;
}

describeWithServers('the sample application', () => {
  let faulty: DatabaseSnapshot;
  let database: string;

  beforeAll(async () => {
    database = await sampleApplication();
    await asApplication(database, workBadly);
    for (const { statements } of FAULTS) await run(database, ...statements);
    faulty = await databaseSnapshot(database);
  });

  it('as it should be gives no finding above info, and only what takes a log or a measurement is left unchecked', async () => {
    const { findings, unchecked } = withoutServer(await databaseSnapshot(await sampleApplication()));
    expect(findings.filter(({ severity }) => severity !== 'info').map(({ key }) => key)).toEqual([]);
    expect(
      unchecked.flatMap(({ missing }) =>
        missing.filter(({ why }) => !['no-log', 'not-measured', 'not-tuned'].includes(why)),
      ),
    ).toEqual([]);
  });

  it.each([...FAULTS.map((fault) => ({ ...fault, before: Infinity })), ...WORK_FAULTS])(
    'with the fault $code of $object has it found',
    ({ code, object, before = Infinity }) => {
      if (faulty.server.number >= before) return;
      const found = withoutServer(faulty).findings.filter((finding) => finding.code === code);
      expect(found.map((finding) => finding.object)).toContainEqual(expect.stringContaining(object));
    },
  );

  it.each(['csvlog', 'jsonlog'] as const)('has the faults found that only its log shows (%s)', async (format) => {
    const shown = await withLog(faulty, assistantLog(format, faulty.server.database));
    const { findings } = withoutServer(shown);
    for (const { code, object } of LOG_FAULTS) {
      const found = findings.filter((finding) => finding.code === code).map((finding) => finding.object);
      expect(found, code).toContainEqual(expect.stringContaining(object.slice(0, 60)));
    }
    const fixes = auditDocument('n1_queries_fixes', {
      server: shown.server,
      facts: shown,
      audit: auditDatabase(shown),
      texts: auditTextsIn('en'),
    });
    expect(fixes).toContain('/assistants');
  });

  it('is the example in the docs', async () => {
    const { findings } = withoutServer(await withLog(faulty, assistantLog('csvlog', faulty.server.database)));
    const titles = auditTextsIn('en').findings;
    const shown = readFileSync(join(import.meta.dirname, '../../../docs/audit.md'), 'utf8')
      .split('\n')
      .filter((line) => /^\| (?:high|medium|low) +\| [A-Z]/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, severity, number, title]) => [severity, number, title]);
    expect(shown).toEqual(
      topActions(findings).map(({ severity, number, code }) => [severity, number, titles[code].title]),
    );
  });

  it.each(LANGUAGES)('has every finding written down (%s)', (language) => {
    const texts = auditTextsIn(language);
    const report = { server: faulty.server, facts: faulty, audit: auditDatabase(faulty), texts };
    const pages = (Object.keys(AUDIT_DOCUMENTS) as AuditDocumentId[]).map((id) => auditDocument(id, report));
    for (const page of pages) expect(page).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
    for (const { number, object } of report.audit.findings) {
      expect(pages.some((page) => page.includes(`### ${number} `))).toBe(true);
      expect(object).not.toBe('');
    }
    expect(pages.join('')).toContain('selectinload(Chat.messages)');
  });

  it('is only read, with no more than pg_monitor, and what that does not show is said', async () => {
    const login = await newLogin({}, { database, memberOf: 'pg_monitor' });
    const server = await open(urlOf(login), { asIs: true });
    const snapshot = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
    await server.stop();
    const missing = auditDatabase(snapshot).unchecked.flatMap((check) => check.missing.map(({ why }) => why));
    expect(new Set(missing)).toEqual(
      new Set(['columns-hidden', 'sequences-hidden', 'vectors-hidden', 'no-log', 'not-measured', 'not-tuned']),
    );
    const session = await superuser(database);
    const sent = await session.query<{ query: string }>(
      `SELECT query FROM pg_stat_statements WHERE userid = ${literal(login.role)}::regrole`,
    );
    await session.close();
    expect(sent.length).toBeGreaterThan(15);
    for (const { query } of sent) {
      expect(query).toMatch(/^\s*(?:SELECT|SET|BEGIN|ROLLBACK|SAVEPOINT|RELEASE|PREPARE|DEALLOCATE|EXPLAIN)\b/);
      expect(query).not.toMatch(/\bANALYZE\b/);
      expect(query).not.toMatch(/reset\s*\(|archive_command|primary_conninfo/i);
    }
  });

  it('is shown with statements that PostgreSQL’s grammar takes, commented out or not', async () => {
    await loadGrammar();
    const report = { server: faulty.server, facts: faulty, audit: auditDatabase(faulty), texts: auditTextsIn('en') };
    grammar().parse(optimizationScript(report));
    for (const { evidence, remedy } of report.audit.findings)
      for (const statement of [evidence, ...(remedy?.statements ?? []), ...(remedy?.rollback ?? [])])
        expect(grammar().parse(statement).stmts, statement).toHaveLength(1);
  });

  it('is mended by the script as far as nothing is lost, as often as it is run', async () => {
    const report = { server: faulty.server, facts: faulty, audit: withoutServer(faulty), texts: auditTextsIn('en') };
    const active = optimizationScript(report)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('--'));
    // A foreign key and a statement may ask for the same index.
    const creates = active.filter((line) => line.startsWith('CREATE'));
    expect(new Set(creates).size).toBe(creates.length);
    for (const statement of [...active, ...active]) await run(database, statement);
    const codes = withoutServer(await databaseSnapshot(database)).findings.map(({ code }) => code);
    for (const mended of [
      'invalid-index',
      'unindexed-foreign-key',
      'unvalidated-constraint',
      'autovacuum-behind',
      'workload-index',
      'hnsw-bloat',
      'btree-bloat',
    ]) {
      expect(codes).not.toContain(mended);
    }
    expect(codes).toContain('unused-index');
  });
});
