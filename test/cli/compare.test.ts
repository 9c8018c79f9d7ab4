import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdirSync } from 'node:fs';
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

  it('refuses unlike runs by name, and shares that are none', async () => {
    const { code, err } = await run('baselines/base', 'other');
    expect(code).toBe(2);
    expect(err).toContain('metric (cosine and l2)');
    expect((await run('baselines/base', 'tonight', '--recall-change', '3')).code).toBe(2);
  });
});
