import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEarlier, recommendationOf } from '../../src/cli/recommendation-of-run.js';
import { capturingIo, pgvtune, workingDirectory } from '../support/command-line.js';

const CONFIG = `
server: embedded
dataset: { generate: { rows: 500, dimensions: 8, queries: 100 } }
target: { recall: 0.5 }
measure: { samples: 100, concurrency: [] }
indexes:
  - hnsw: {}
`;

/** One night after another, on the embedded server. */
describe('pgvtune gate', () => {
  const directory = workingDirectory();
  beforeAll(async () => {
    writeFileSync(join(directory.path, 'base.yaml'), CONFIG);
    const base = await pgvtune(directory.path, 'tune', 'base.yaml', '--name', 'base');
    expect(base.code, base.stderr).toBe(0);
  });
  afterAll(() => directory.remove());

  it('measures the configuration of the baseline where none is given', async () => {
    const night = await pgvtune(directory.path, 'gate', '--baseline', 'results/base', '--name', 'same', '--json');
    const document = JSON.parse(night.stdout);
    expect(document.latency.verdict).toBe('same setting');
    expect(document.thenAndNow.map(({ figure }: { figure: string }) => figure)).toContain('recall');
    expect(night.code).toBe(document.verdict === 'good' ? 0 : 3);
    const report = readFileSync(join(directory.path, 'results/same/gate.md'), 'utf8');
    expect(report).toContain('## What changed between the nights\n\nNothing that the runs recorded.');
    expect(report).toMatch(/\| Recall \|/);
    expect(recommendationOf(readEarlier('same', capturingIo(directory.path)))).toEqual(
      recommendationOf(readEarlier('base', capturingIo(directory.path))),
    );
    const again = await pgvtune(directory.path, 'report', 'same');
    expect(again.code, again.stderr).toBe(0);
  });

  it('refuses a night that asks another question before it measures', async () => {
    const night = await pgvtune(directory.path, 'gate', 'base.yaml', '--baseline', 'base', '-k', '5');
    expect(night.code).toBe(2);
    expect(night.stderr).toContain('k (10 and 5)');
  });
});
