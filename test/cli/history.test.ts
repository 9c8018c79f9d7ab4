import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRun } from '../../src/results/index.js';
import { syntheticRun } from '../nightly/synthetic-run.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';

const directory = workingDirectory();
beforeAll(() => {
  for (let day = 1; day <= 14; day++) {
    const { manifest, records } = syntheticRun({
      run: `night-${day}`,
      seed: day,
      efSearch: [40],
      queries: 100,
      workRatio: day > 7 ? 1.3 : 1,
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
  expect(stdout).toMatch(/buffers +[▁▂▃▄▅▆▇█]{14} .*\(14 nights\)\n {2}worse since night-8: /);
  expect(readFileSync(join(directory.path, 'history.csv'), 'utf8').split('\n')).toHaveLength(16);
  expect((await pgvtune(directory.path, 'history', 'nowhere')).code).toBe(2);
});
