import { describe, expect, it } from 'vitest';
import type { MeasurementFinding } from '../../../src/audit/index.js';
import { textOf, textsIn } from '../../../src/reports/index.js';

type Examples = {
  readonly [Code in MeasurementFinding['code']]: readonly Extract<MeasurementFinding, { code: Code }>['data'][];
};

const [MB, GB] = [2 ** 20, 2 ** 30];
const role = 'app';

/** At least one of each kind, and of each way to say it. */
const EXAMPLES: Examples = {
  'auto-explain': [
    { role, logMinDuration: '0', logAnalyze: true },
    { role, logMinDuration: '3s', logAnalyze: false },
  ],
  autovacuum: [{ workers: 1 }, { workers: 3 }],
  'build-memory': [
    {
      m: 16,
      dimensions: 768,
      maintenanceWorkMemBytes: 64 * MB,
      rowsInMemory: 16_762,
      bytesForMillionRows: 3_758_000_000,
    },
  ],
  'busy-machine': [{ share: 0.53, idleShare: 0.02 }],
  'debug-build': [{}],
  'extension-outdated': [{ version: '0.7.4', available: '0.8.4' }],
  jit: [{ role, aboveCost: 100_000 }],
  'known-defects': [
    { version: '0.8.0', defect: 'parallel-build-overflow', fixedIn: '0.8.2' },
    { version: '0.8.0', defect: 'vacuum-corruption', fixedIn: '0.8.3' },
    { version: '0.8.0', defect: 'vacuum-insert-errors', fixedIn: '0.8.4' },
  ],
  'memory-sum': [
    {
      memoryBytes: 23.5 * GB,
      sumBytes: 26.5 * GB,
      sharedBuffersBytes: 128 * MB,
      maintenanceWorkMemBytes: 23 * GB,
      autovacuumWorkers: 3,
      autovacuumWorkerBytes: GB,
      maxConnections: 100,
      workMemBytes: 4 * MB,
    },
    {
      memoryBytes: 2 * GB,
      sumBytes: 3 * GB,
      sharedBuffersBytes: GB,
      maintenanceWorkMemBytes: GB,
      autovacuumWorkers: 0,
      autovacuumWorkerBytes: GB,
      maxConnections: 1,
      workMemBytes: GB,
    },
  ],
  'no-create': [{ role, database: 'Shop "2"' }],
  'no-extension': [
    { database: 'shop', available: null, postgresqlMajor: 17 },
    { database: 'shop', available: '0.8.4', postgresqlMajor: 17 },
  ],
  'no-extension-usage': [{ role, schema: 'extensions' }],
  'no-iterative-scan': [{ version: '0.7.4', since: '0.8.0' }],
  'not-native': [{ label: 'embedded (WebAssembly)' }],
  'old-pgvector': [{ version: '0.4.4', oldest: '0.5.0' }],
  'old-postgresql': [{ version: '12.22', oldestMajor: 13 }],
  'other-sessions': [{ active: 1 }, { active: 4 }],
  'plan-cache-mode': [{ role, mode: 'force_generic_plan' }],
  'planner-method-off': [{ role, setting: 'enable_seqscan' }],
  'read-only': [
    { role, standby: true },
    { role, standby: false },
  ],
  'serial-builds': [
    { role, zero: ['max_parallel_maintenance_workers'] },
    { role, zero: ['max_parallel_workers', 'max_worker_processes'] },
  ],
  'single-connection': [
    { role, database: 'shop', roleLimit: 1, databaseLimit: -1, maxConnections: 100 },
    { role, database: 'shop', roleLimit: -1, databaseLimit: 1, maxConnections: 100 },
    { role, database: 'shop', roleLimit: 20, databaseLimit: 50, maxConnections: 100 },
    { role, database: 'shop', roleLimit: -1, databaseLimit: -1, maxConnections: 100 },
  ],
  'small-shared-buffers': [{ sharedBuffersBytes: 128 * MB }],
  'small-shared-memory': [{ role, freeBytes: 64 * MB, neededBytes: 2 * GB }],
  'statement-logging': [
    { role, setting: 'log_statement' },
    { role, setting: 'log_min_duration_statement' },
  ],
  'transaction-pooler': [{}],
};

describe('the texts of the measurement checks', () => {
  it('read so in English', async () => {
    const texts = textsIn('en').measurementChecks;
    const lines = Object.entries(EXAMPLES).flatMap(([code, examples]) =>
      examples.map((data) => `${code}\n  ${textOf(texts, { code, severity: 'info', data } as MeasurementFinding)}\n`),
    );
    for (const line of lines) expect(line).not.toMatch(/undefined|NaN|\[object/);
    await expect(lines.join('')).toMatchFileSnapshot('measurement-checks.en.txt');
  });
});
