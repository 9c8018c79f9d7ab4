import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRun } from '../../src/results/index.js';
import { syntheticRun } from '../nightly/synthetic-run.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';

const directory = workingDirectory();
beforeAll(() => {
  for (let day = 1; day <= 24; day++) {
    const { manifest, records } = syntheticRun({
      run: `night-${day}`,
      seed: day,
      efSearch: [40],
      queries: 100,
      workRatio: day > 15 ? 1.3 : 1,
    });
    const startedAt = new Date(Date.UTC(2026, 0, day)).toISOString();
    const run = createRun(join(directory.path, 'nights'), { ...manifest, startedAt });
    for (const record of records) run.journal.append(record);
    run.close();
  }
});
afterAll(() => directory.remove());

it('pgvtune history names the night on which a series got worse, and fails', async () => {
  const { code, stdout } = await pgvtune(directory.path, 'history', 'nights', '--csv', 'history.csv');
  expect(code).toBe(1);
  expect(stdout).toMatch(/buffers +[▁▂▃▄▅▆▇█]{24} .*\(24 nights\)\n {2}worse since night-16: /);
  expect(readFileSync(join(directory.path, 'history.csv'), 'utf8').split('\n')).toHaveLength(26);
  expect((await pgvtune(directory.path, 'history', 'nowhere')).code).toBe(2);
});

it('pgvtune history leaves out what cannot be read, and says so', async () => {
  const folder = join(directory.path, 'nights/night-0');
  mkdirSync(folder);
  writeFileSync(join(folder, 'manifest.json'), '{');
  const { code, stdout, stderr } = await pgvtune(directory.path, 'history', 'nights');
  expect(code).toBe(1);
  expect(stdout).toContain('(24 nights)');
  expect(stderr).toContain('night-0 is left out: ');
});
