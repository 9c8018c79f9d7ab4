import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRun } from '../../src/results/index.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { goldenCases } from '../support/golden-cases.js';
import { replayRun } from '../support/golden-run.js';
import { readRecording } from '../support/recording.js';
import { manifest } from '../support/run-manifest.js';

const RECORDING = join(import.meta.dirname, '../reports/golden/journals/capacity.ndjson.gz');

/*
 * A run that was measured, asked anew: nothing of this needs a server.
 */
describe('capacity of a run that is there', () => {
  let directory: ReturnType<typeof workingDirectory>;
  beforeAll(async () => {
    directory = workingDirectory();
    const golden = goldenCases.find(({ name }) => name === 'capacity')!;
    await replayRun(golden, readRecording(RECORDING), directory.path);
    writeFileSync(join(directory.path, 'prices.yaml'), '- {name: small, cores: 2, memory: 4GB, month: 40}\n');
    writeFileSync(join(directory.path, 'wrong.yaml'), '- {name: small, cores: 2}\n');
    createRun(join(directory.path, 'results'), { ...manifest('embedded'), run: 'bench' }).close();
  });
  afterAll(() => directory.remove());

  const capacity = (...argv: string[]) => pgvtune(directory.path, 'capacity', ...argv);

  it('answers for more rows, other memory and prices without measuring', async () => {
    const { code, stdout } = await capacity('--run', 'capacity', '--to', '200M', '--ram', '8GB');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^This server suffices for up to about [\d,]+ rows; then /);
    expect(stdout).toContain('results/capacity/capacity_plan.md');
    const priced = await capacity('--run', 'capacity', '--peak', '50', '--prices', 'prices.yaml', '--json');
    const { plan } = JSON.parse(priced.stdout);
    expect(plan.machines).toMatchObject([{ name: 'small', totalMonth: 40 * plan.machines[0].servers }]);
    expect(readFileSync(join(directory.path, 'results/capacity/capacity_plan.md'), 'utf8')).toContain('## Cost');
    const few = await capacity('--run', 'capacity', '--ram', '1MB');
    expect(few).toMatchObject({ code: 1, stdout: expect.stringContaining('This server does not suffice') });
  });

  it.each([
    [['--run', 'nothing'], /There is no run nothing/],
    [['--run', 'bench'], /The run bench recommends no index/],
    [['--run', 'capacity', '--peak', '0'], /--peak: expected more than 0/],
    [['--run', 'capacity', '--prices', 'prices.yaml'], /--prices needs --peak/],
    [['--run', 'capacity', '--peak', '9', '--prices', 'none.yaml'], /none\.yaml cannot be read/],
    [['--run', 'capacity', '--peak', '9', '--prices', 'wrong.yaml'], /wrong\.yaml is no price table at 0\./],
    [['--run', 'capacity', '--to', 'many'], /Expected a number of rows/],
  ])('refuses %j', async (argv, message) => {
    const { code, stdout, stderr } = await capacity(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});
