import { describe, expect, it } from 'vitest';
import {
  type Audit,
  CHECK_NUMBERS,
  type DatabaseSnapshot,
  type ManagedService,
  monitoringChecks,
} from '../../../src/audit/index.js';
import { runChecks } from '../../../src/findings.js';
import { LANGUAGES } from '../../../src/languages.js';
import { auditDocument, auditPage, auditTextsIn, optimizationScript } from '../../../src/reports/index.js';

const takenAt = '2026-11-29T23:05:00.000Z';

function reportOf(managedBy: ManagedService | null, language: 'en' | 'ru' = 'en') {
  const server: DatabaseSnapshot['server'] = {
    label: 'db.example.com',
    database: 'shop',
    role: 'monitor',
    version: '17.2',
    number: 17_00_02,
    standby: false,
    managedBy,
    takenAt,
    startedAt: takenAt,
    statisticsResetAt: null,
  };
  const settings = { log_temp_files: '-1', log_lock_waits: 'off' };
  const facts = { server, settings, statementSource: 'not-loaded' } as unknown as DatabaseSnapshot;
  const audit: Audit = {
    unchecked: [],
    findings: runChecks(monitoringChecks, facts).findings.map((finding) => ({
      ...finding,
      number: CHECK_NUMBERS[finding.code],
      area: 'monitoring',
      window: { from: null, until: takenAt },
      key: finding.code,
    })),
  };
  return { server, facts, audit, texts: auditTextsIn(language) };
}

describe('remedies on a managed server', () => {
  it.each([
    ['rds', /modify-db-parameter-group .*ParameterName=log_temp_files,ParameterValue=10240,ApplyMethod=immediate/],
    ['rds', /ParameterName=log_lock_waits,ParameterValue=1,/],
    ['rds', /ParameterName=shared_preload_libraries,ParameterValue=pg_stat_statements,ApplyMethod=pending-reboot/],
    ['cloud-sql', /gcloud sql instances patch INSTANCE --database-flags=log_temp_files=10240 .*replaces all flags/],
    ['cloud-sql', /shared_preload_libraries is set by the service alone/],
    ['azure', /az postgres flexible-server parameter set .* --name log_lock_waits --value on/],
    ['neon', /On Neon, log_temp_files is set by the service alone/],
    ['supabase', /supabase --experimental postgres-config update --config log_temp_files=10240/],
  ] as const)('say how %s sets it: %s', (service, way) => {
    const report = reportOf(service);
    const unescaped = auditDocument('monitoring_setup', report).replaceAll('\\', '');
    expect(unescaped).toMatch(way);
    expect(auditPage(report, 'en').replaceAll('&quot;', '"')).toMatch(way);
    // What has no statement is not in the script.
    if (!String(way).includes('preload'))
      expect(optimizationScript(report)).toMatch(new RegExp(`^-- .*${way.source}`, 'm'));
  });

  it('say nothing of it where the server is nobody else’s', () => {
    const report = reportOf(null);
    expect(auditDocument('monitoring_setup', report)).toContain('ALTER SYSTEM SET log_temp_files');
    expect(auditDocument('monitoring_setup', report)).not.toMatch(/refused|service alone/);
  });

  it.each(LANGUAGES)('leave no statement of the script active (%s)', (language) => {
    const active = optimizationScript(reportOf('rds', language))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('--') && !line.startsWith('SET '));
    expect(active).toEqual([]);
  });
});
