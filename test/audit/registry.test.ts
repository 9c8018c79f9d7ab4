import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  indexChecks,
  measurementChecks,
  monitoringChecks,
  nPlusOneChecks,
  schemaChecks,
  serverChecks,
  statementChecks,
  vectorChecks,
} from '../../src/audit/index.js';

const SRC = join(import.meta.dirname, '../../src/audit/checks');

describe.each([
  ['measurement', measurementChecks],
  ['indexes', indexChecks],
  ['schema', schemaChecks],
  ['server', serverChecks],
  ['monitoring', monitoringChecks],
  ['statements', statementChecks],
  ['n-plus-one', nPlusOneChecks],
  ['vectors', vectorChecks],
] as const)('the registry of %s', (area, checks) => {
  const files = readdirSync(join(SRC, area))
    .filter((name) => !['registry.ts', 'snapshot.ts', 'check.ts'].includes(name))
    .map((name) => name.replace(/\.ts$/, ''));

  it('lists every file, each with a check of its name', () => {
    expect(checks.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
    for (const check of checks) expect(check.area).toBe(area);
  });

  it('has a test for every check', () => {
    const untested = files.filter((id) => !existsSync(join(import.meta.dirname, 'checks', area, `${id}.test.ts`)));
    expect(untested).toEqual([]);
  });
});
