import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

/** An older version of pgvector cannot be installed from the files of a newer one. */
const NOT_TO_BE_RUN = ['pgvector-outdated'];

const testOf = (area: string, id: string): string =>
  readFileSync(join(import.meta.dirname, 'checks', area, `${id}.test.ts`), 'utf8');

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

  it('has a test for every check that is silent where nothing is wrong', () => {
    const loud = files.filter((id) => !/toEqual\(\[\]\)|expectSilence\(|expectMended\(/.test(testOf(area, id)));
    expect(loud).toEqual([]);
  });

  it.skipIf(area === 'measurement')('has a test for every remedy that runs it and sees the finding gone', () => {
    const withRemedy = files.filter((id) => {
      const source = readFileSync(join(SRC, area, `${id}.ts`), 'utf8');
      return /\b(?:remedy|setForServer)\b/.test(source.replaceAll('remedy: null', ''));
    });
    const notRun = withRemedy.filter((id) => !/\bmend\(|expectMended\(/.test(testOf(area, id)));
    expect(notRun.filter((id) => !NOT_TO_BE_RUN.includes(id))).toEqual([]);
  });

  it('has a test for every check', () => {
    const untested = files.filter((id) => !existsSync(join(import.meta.dirname, 'checks', area, `${id}.test.ts`)));
    expect(untested).toEqual([]);
  });
});
