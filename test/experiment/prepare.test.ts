import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConfiguredDataset } from '../../src/cli/open-dataset.js';
import { resolveConfig } from '../../src/config/index.js';
import type { Dataset } from '../../src/datasets/index.js';
import { prepare } from '../../src/experiment/prepare.js';
import { silentReporter } from '../../src/progress.js';
import { capturingIo } from '../support/command-line.js';
import { temporaryFolder } from '../support/processes.js';

describe('the queries that a run asks', () => {
  const folder = temporaryFolder();
  const config = resolveConfig(null, {
    dataset: { generate: { rows: 50, dimensions: 4, queries: 40 } },
    measure: { queries: 20, recall_queries: 30 },
  });
  let dataset: Dataset;
  beforeAll(async () => {
    dataset = await openConfiguredDataset(config, { io: capturingIo(folder.path), reporter: silentReporter });
  });
  afterAll(() => {
    dataset.close();
    folder.remove();
  });

  it.each([
    ['tune', 30],
    ['gate', 30],
    ['bench', 20],
  ] as const)('are as many as the search of %s plans with', async (command, queries) => {
    const { signal } = new AbortController();
    const options = { command, config, dataset, signal, reporter: silentReporter, hybridInputs: null };
    const preparation = await prepare(options);
    expect(preparation.queries.size).toBe(queries);
  });
});
