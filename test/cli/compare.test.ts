import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli/main.js';
import { createRun, type RunFiles } from '../../src/results/index.js';
import { syntheticRun } from '../nightly/synthetic-run.js';
import { capturingIo } from '../support/command-line.js';
import { temporaryFolder } from '../support/processes.js';

describe('pgvtune compare', () => {
  let folder: ReturnType<typeof temporaryFolder>;

  function write({ manifest, records }: RunFiles, results = 'results'): void {
    mkdirSync(join(folder.path, results), { recursive: true });
    const run = createRun(join(folder.path, results), manifest);
    for (const record of records) run.journal.append(record);
    run.close();
  }

  beforeAll(() => {
    folder = temporaryFolder();
    const night = { seed: 1, efSearch: [40], builds: 6, queries: 4000 };
    write(syntheticRun({ ...night, run: 'base' }), 'baselines');
    write(syntheticRun({ ...night, run: 'tonight' }));
    write(syntheticRun({ ...night, run: 'slow', workRatio: 1.2 }));
    write(syntheticRun({ ...night, run: 'few', seed: 2, builds: 1, queries: 100 }));
    const other = syntheticRun({ ...night, run: 'other' });
    write({ ...other, manifest: { ...other.manifest, metric: 'l2' } });
  });
  afterAll(() => folder.remove());

  async function run(...argv: string[]) {
    const io = capturingIo(folder.path);
    const code = await main(['compare', ...argv], io);
    return { code, out: io.stdout.text(), err: io.stderr.text() };
  }

  it('answers same, different and unknown with 0, 1 and 3', async () => {
    expect((await run('baselines/base', 'tonight')).code).toBe(0);
    const slow = await run('baselines/base', 'results/slow');
    expect(slow.code).toBe(1);
    expect(slow.out).toContain('**Different, and worse.**');
    expect(slow.out).toMatch(/\| Buffers per query \| .* \| \+20\.0 % \[.*\] \| \*\*different\*\*, worse \|/);
    const few = await run('baselines/base', 'few');
    expect(few.code).toBe(3);
    expect(few.out).toMatch(/unknown: needs [\d,]+ (queries|builds)/);
  });

  it('prints the comparison as JSON', async () => {
    const { code, out } = await run('baselines/base', 'slow', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ base: 'base', candidate: 'slow', answer: 'different', isWorse: true });
  });

  it('prints JUnit XML and annotations, and writes the summary of a job', async () => {
    const junit = await run('baselines/base', 'slow', '--format', 'junit');
    expect(junit.out).toMatch(/<testsuites name="pgvtune compare" tests="4" failures="1" skipped="0">/);
    expect(junit.out).toMatch(/<failure message="[^"<]*\+20\.0 %/);
    const summary = join(folder.path, 'summary.md');
    const io = { ...capturingIo(folder.path), env: { GITHUB_STEP_SUMMARY: summary } };
    expect(await main(['compare', 'baselines/base', 'slow', '--format', 'github'], io)).toBe(1);
    expect(io.stdout.text()).toMatch(/^::error title=HNSW m=16 ef_construction=64%2C ef_search=40%3A buffers::/);
    expect(readFileSync(summary, 'utf8')).toContain('**Different, and worse.**');
  });

  it('refuses unlike runs by name, and shares that are none', async () => {
    const { code, err } = await run('baselines/base', 'other');
    expect(code).toBe(2);
    expect(err).toContain('metric (cosine and l2)');
    expect((await run('baselines/base', 'tonight', '--recall-change', '3')).code).toBe(2);
  });
});
