import { afterAll, beforeAll, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';

const directory = workingDirectory();
const run = (...argv: string[]) => pgvtune(directory.path, ...argv);
const generate = (name: string, rows: string, ...argv: string[]) =>
  run('dataset', 'generate', '--dims', '6', '--queries', '10', '--rows', rows, '--name', name, ...argv);

beforeAll(async () => {
  await generate('last', '1500');
  await generate('other', '1500', '--seed', '7', '--clusters', '3');
  await generate('small', '100');
  await generate('grown', '120');
  await run('dataset', 'generate', '--dims', '5', '--rows', '100', '--name', 'narrow');
});
afterAll(() => directory.remove());

it('pgvtune drift says what changed, and fails', async () => {
  const { code, stdout } = await run('drift', 'last', 'other');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^# Data of other against last\n\n\*\*Different\.\*\* Changed: .*share in another region/);
  expect(stdout).toContain('| Rows whose vector the other does not have | 100.0 % | 100.0 % |');
  expect(stdout).toMatch(/## Regions that changed most\n(?:.*\n)+?\| \d+\.\d % \| \d+\.\d % \| `\d+` \|/);
});

it('pgvtune drift is one JSON document, and undecided among few rows', async () => {
  const { code, stdout } = await run('drift', 'small', 'grown', '--json');
  const document: unknown = JSON.parse(stdout);
  expect(DOCUMENTS.drift.safeParse(document).error).toBeUndefined();
  expect(document).toMatchObject({
    document: 'drift',
    answer: 'unknown',
    base: { name: 'small', isSample: false },
  });
  expect(code).toBe(3);
});

it('pgvtune drift finds no change in the same data, however few', async () => {
  const { code, stdout } = await run('drift', 'small', 'small');
  expect(code).toBe(0);
  expect(stdout).toContain('**Same.** Both are the same data.');
});

it('pgvtune drift refuses what is not comparable', async () => {
  const { code, stderr } = await run('drift', 'last', 'narrow');
  expect(code).toBe(2);
  expect(stderr).toContain('Expected two datasets of the same dimensions, got 6 in last and 5 in narrow.');
  expect((await run('drift', 'last', 'nothing')).code).toBe(2);
  expect((await run('drift', 'last')).code).toBe(2);
});
