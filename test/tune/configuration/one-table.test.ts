import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSchema, resolveConfig } from '../../../src/config/index.js';
import { type Dataset, generateSource, importDataset } from '../../../src/datasets/index.js';
import { exactTruth } from '../../../src/exact/index.js';
import { rowBitmap } from '../../../src/exact/row-filter.js';
import { runExperiment } from '../../../src/experiment/index.js';
import { createEnums, contentValues } from '../../../src/experiment/table/contents.js';
import { ident, loadVectors, type Server, type Session, vectorText } from '../../../src/postgres/index.js';
import { silentReporter } from '../../../src/progress.js';
import { type RunView, viewRun } from '../../../src/reports/index.js';
import { configurationSql } from '../../../src/reports/tune/sql/configuration.js';
import { type Configuration, readRun, type TuneAnswer } from '../../../src/results/index.js';
import { tuneFromConfig } from '../../../src/tune/index.js';
import { columnDefinition } from '../../../src/workloads/index.js';
import { filterPredicate, comparableRow } from '../../../src/workloads/filtered/predicate.js';
import { parameterisedFilter } from '../../../src/workloads/filtered/render-filter.js';
import { temporaryFolder } from '../../support/processes.js';
import { hasLocal, open } from '../../support/servers.js';

/*
 * A user builds all indexes of a report on one table. The planner then sees every one of them at once, and each workload
 * must still be answered as the report says.
 *
 * 4,000 rows are enough to show it: the planner takes the exact strategies to the vector index of plain queries at that size
 * already, as `test/experiment/filtered/among.test.ts` proves on 4,000 × 64. On a map of 12,000 × 64 it does the same, and the
 * run takes minutes.
 */

const K = 10;
const RECALL = 0.9;
const ASKED = 40;

describe.runIf(await hasLocal())('the indexes of a report, all on one table', () => {
  let server: Server;
  let session: Session;
  let dataset: Dataset;
  let run: RunView;
  let answer: TuneAnswer;
  let configuration: Configuration;
  const folder = temporaryFolder();

  beforeAll(async () => {
    dataset = await importDataset(
      join(folder.path, 'datasets'),
      generateSource(
        generateSchema.parse({
          rows: 4000,
          dimensions: 48,
          queries: 300,
          clusters: 20,
          intrinsic_dimension: 12,
          seed: 1,
          attributes: { tenant: { kind: 'category', selectivity: 0.1 } },
        }),
      ),
    );
    const config = resolveConfig(null, {
      server: 'local',
      indexes: [{ hnsw: {} }],
      metric: 'cosine',
      target: { recall: RECALL },
      workloads: [
        'plain',
        {
          filtered: {
            selectivity: [0.5, 0.1],
            correlation: [0],
            strategies: ['exact-scan', 'pre-filter', 'iterative-relaxed', 'partial-index'],
          },
        },
      ],
      measure: { samples: 100, queries: 300, concurrency: [] },
    });
    const results = join(folder.path, 'results');
    await runExperiment(
      {
        command: 'tune',
        config,
        dataset,
        target: null,
        results,
        run: 'together',
        resume: false,
        version: '0.0.0',
        signal: new AbortController().signal,
        reporter: silentReporter,
        now: () => new Date('2026-01-01T00:00:00.000Z'),
      },
      (situation) => tuneFromConfig(config).search(situation),
    );
    run = viewRun(readRun(results, 'together'));
    answer = run.answer as TuneAnswer;
    configuration = answer.configuration!;

    server = await open('local');
    session = await server.connect('application');
    const { columns } = dataset.manifest;
    for (const statement of createEnums(columns)) await session.query(statement);
    await session.query(
      `CREATE TABLE your_table (id bigint PRIMARY KEY, embedding vector(48) NOT NULL, ${columns.map(columnDefinition).join(', ')})`,
    );
    await loadVectors([session], server.capabilities, {
      table: 'your_table',
      blocks: dataset.blocks(),
      beside: contentValues({ columns, texts: [] }, dataset),
      onProgress: () => undefined,
    });
    await session.query('VACUUM (ANALYZE) your_table');
    for (const statement of configurationSql(run, configuration)!.build) await session.query(statement);
  }, 300_000);
  afterAll(async () => {
    await session.close();
    await server.stop();
    dataset.close();
    folder.remove();
  });

  it('are one set, and every workload is served by it', () => {
    expect(configuration.served).toHaveLength(3);
    expect(configuration.served.filter(({ point }) => point === null)).toEqual([]);
    expect(configuration.builds.length).toBeGreaterThan(0);
  });

  it('leave every workload the recall that the report promises', async () => {
    for (const { served, query, check } of configurationSql(run, configuration)!.workloads) {
      const { of } = served;
      const filter = of.kind === 'filtered' ? answer.filtered![of.workload]!.filters[of.filter]! : null;
      const truth = await exactTruth(dataset, {
        metric: 'cosine',
        k: K,
        queries: Array.from({ length: ASKED }, (_, i) => i),
        ...(filter ? { filter: await matching(filter) } : {}),
      });
      const values = filter
        ? parameterisedFilter(filter.example, { first: 2, columns: filter.columns, columnSql: ident }).values
        : [];
      let found = 0;
      for (let q = 0; q < ASKED; q++) {
        const vector = dataset.queries.values.subarray(q * 48, (q + 1) * 48);
        let rows: { id: string }[] = [];
        for (const statement of query) {
          const isQuery = /^(WITH|SELECT) /.test(statement);
          const result = await session.query<{ id: string }>(statement, isQuery ? [vectorText(vector), ...values] : []);
          if (isQuery) rows = result;
        }
        const right = new Set(truth.rows.subarray(q * K, (q + 1) * K));
        found += rows.filter(({ id }) => right.has(Number(id))).length;
      }
      // Over so few queries the mean may be a little below what is shown for all of them.
      expect(found / (ASKED * K), JSON.stringify(of)).toBeGreaterThan(RECALL - 0.05);
      for (const statement of check) await session.query(statement);
    }
  });

  /** The rows that match a filter's example, for every query. */
  async function matching({ example, columns }: NonNullable<TuneAnswer['filtered']>[number]['filters'][number]) {
    const [toComparable, test] = [comparableRow(columns), filterPredicate(example, columns)];
    const matches: boolean[] = [];
    for await (const { attributes } of dataset.rows()) matches.push(test(toComparable(attributes)) === true);
    return { bitmaps: [rowBitmap(matches.length, (row) => matches[row]!)], ofQuery: new Int32Array(ASKED) };
  }
});
