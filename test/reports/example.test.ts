import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeReports } from '../../src/reports/index.js';
import { readRun } from '../../src/results/index.js';
import { temporaryFolder } from '../support/processes.js';

/* The run that the README leads to: its reports are what `pgvtune report` makes of its journal today. */

const EXAMPLE = join(import.meta.dirname, '../../results/example');
const RECORDED = ['manifest.json', 'journal.ndjson'];

const folder = temporaryFolder();
afterAll(() => folder.remove());

it('the reports of the example are rebuilt from its journal, byte for byte', async () => {
  mkdirSync(join(folder.path, 'example'));
  for (const file of RECORDED) copyFileSync(join(EXAMPLE, file), join(folder.path, 'example', file));
  const written = await writeReports(readRun(folder.path, 'example'));
  expect(new Set(readdirSync(EXAMPLE))).toEqual(
    new Set([...RECORDED, 'README.md', ...written.map((path) => basename(path))]),
  );
  for (const path of written) {
    await expect.soft(readFileSync(path, 'utf8')).toMatchFileSnapshot(join(EXAMPLE, basename(path)));
  }
});

it('the example is small, and knows nothing of the machine’s folders', () => {
  const files = readdirSync(EXAMPLE).map((name) => join(EXAMPLE, name));
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(2 ** 20);
  for (const file of files) expect(readFileSync(file, 'utf8')).not.toMatch(/\/(tmp|home|root|work|Users)\//);
});
