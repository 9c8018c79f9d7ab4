import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../src/results/index.js';
import { syntheticRun } from '../nightly/synthetic-run.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';

describe('what other programs read', () => {
  const directory = workingDirectory();
  beforeAll(() => {
    const { manifest, records } = syntheticRun({ run: 'night', seed: 1, efSearch: [40] });
    const run = createRun(join(directory.path, 'results'), manifest);
    for (const record of records) run.journal.append(record);
    run.close();
  });
  afterAll(() => directory.remove());

  it('is printed, or written in one go', async () => {
    const printed = await pgvtune(directory.path, 'export', 'night');
    expect(printed.code, printed.stderr).toBe(0);
    expect(printed.stdout).toContain('pgvtune_dataset_rows{dataset="docs",server="local"} 30000\n');
    const written = await pgvtune(directory.path, 'export', 'night', '-o', 'night.prom');
    expect(written.stdout).toBe('');
    expect(readFileSync(join(directory.path, 'night.prom'), 'utf8')).toBe(printed.stdout);
  });

  it('fills a file or a folder, and is no text for a terminal', async () => {
    const refused = await pgvtune(directory.path, 'export', 'night', '--format', 'parquet');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('-o');
    await pgvtune(directory.path, 'export', 'night', '--format', 'parquet', '-o', 'new/points.parquet');
    expect(readFileSync(join(directory.path, 'new/points.parquet'), 'latin1')).toMatch(/^PAR1.*PAR1$/s);
    const { code } = await pgvtune(directory.path, 'export', 'night', '--format', 'ann-benchmarks', '-o', 'results');
    expect(code).toBe(0);
    const [file = ''] = readdirSync(join(directory.path, 'results/docs/10/pgvector-hnsw'));
    expect(file).toMatch(/^HNSW_m_16_ef_construction_64_ef_search_40_[0-9a-f]{8}\.hdf5$/);
  });

  it.each([
    ['run', 'dataset'],
    ['point', 'measured'],
    ['recommendation', 'verdict'],
    ['config', 'workloads'],
  ])('has a schema: %s', async (name, member) => {
    const { code, stdout } = await pgvtune(directory.path, 'schema', name);
    expect(code).toBe(0);
    const schema = JSON.parse(stdout);
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(schema.properties)).toContain(member);
  });

  it('is refused by a name that is none', async () => {
    expect((await pgvtune(directory.path, 'schema', 'builds')).code).toBe(2);
  });
});
