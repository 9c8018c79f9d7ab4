import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/config/index.js';
import { type Dataset, importDataset } from '../../../../src/datasets/index.js';
import { runExperiment } from '../../../../src/experiment/index.js';
import type { Filter } from '../../../../src/filter.js';
import { openLiveTable } from '../../../../src/live/index.js';
import { explainQuery, type Server, type Session, vectorText } from '../../../../src/postgres/index.js';
import { silentReporter } from '../../../../src/progress.js';
import { type RunView, vectorOptimization, viewRun } from '../../../../src/reports/index.js';
import { configurationSql } from '../../../../src/reports/tune/sql/configuration.js';
import { filteredSql } from '../../../../src/reports/tune/sql/filtered.js';
import { type FilterAnswer, type FilterOption, readRun } from '../../../../src/results/index.js';
import { tuneFromConfig } from '../../../../src/tune/index.js';
import { describeScans, scansOf } from '../../../../src/workloads/index.js';
import { parameterisedFilter } from '../../../../src/workloads/filtered/render-filter.js';
import { clusteredVectors, insertVectors } from '../../../support/live-tables.js';
import { temporaryFolder } from '../../../support/processes.js';
import { hasLocal, open } from '../../../support/servers.js';

/*
 * A table as an application has it is sampled, tuned for, and then given every statement of the report as it stands: they
 * must run on the columns' own types, with the plan that was measured.
 */

const ROWS = 3000;
const DIMENSIONS = 16;
const K = 10;

/** One filter a type; each leaves a tenth of the rows. */
const FILTERS: Readonly<Record<string, Filter>> = {
  smallint: { column: 'kind', op: '=', value: 3 },
  integer: { column: 'tenant', op: '=', value: 3 },
  bigint: { column: 'account', op: 'in', value: [2 ** 33 + 3] },
  numeric: { column: 'price in $1', op: 'between', value: [0.3, 0.35] },
  real: { column: 'score', op: '=', value: 0.3 },
  double: { column: 'weight', op: '=', value: 0.3 },
  uuid: { column: 'owner', op: '=', value: '00000000-0000-0000-0000-000000000003' },
  bool: { column: 'open', op: '=', value: true },
  date: { column: 'day', op: 'window', value: ['2026-01-04', '2026-01-05'] },
  timestamp: { column: 'local', op: '=', value: '2026-01-04T12:00:00' },
  timestamptz: { column: 'at', op: '>=', value: '2026-01-10T00:00:00Z' },
  enum: { column: 'state', op: '=', value: "it's 3" },
  text: { column: 'name', op: '=', value: "n'3" },
  'text[]': { column: 'tags', op: 'contains', value: ['t3'] },
  jsonb: { column: 'data', op: 'contains', value: { n: 3 } },
};

const CREATE = `
  CREATE TYPE state AS ENUM (${Array.from({ length: 10 }, (_, i) => `'it''s ${9 - i}'`).join(', ')});
  CREATE TABLE your_table (id bigint PRIMARY KEY, tenant int, embedding vector(${DIMENSIONS}));`;
const FILL = `
  ALTER TABLE your_table ADD kind smallint, ADD account bigint, ADD "price in $1" numeric(10, 2), ADD score real, ADD weight float8,
    ADD owner uuid, ADD open boolean, ADD day date, ADD local timestamp, ADD at timestamptz, ADD state state, ADD name varchar(20),
    ADD tags text[], ADD data jsonb;
  UPDATE your_table SET kind = tenant, account = 8589934592 + tenant, "price in $1" = tenant / 10.0, score = tenant / 10.0,
    weight = tenant / 10.0, owner = ('00000000-0000-0000-0000-00000000000' || tenant)::uuid, open = tenant = 3,
    day = DATE '2026-01-01' + tenant, local = TIMESTAMP '2026-01-01 12:00' + tenant * INTERVAL '1 day',
    at = TIMESTAMPTZ '2026-01-01 12:00Z' + tenant * INTERVAL '1 day', state = ('it''s ' || tenant)::state,
    name = 'n''' || tenant, tags = ARRAY['t' || tenant, 'all'], data = jsonb_build_object('n', tenant, 'all', 1)`;

describe.runIf(await hasLocal())('the statements of a report', () => {
  let server: Server;
  let session: Session;
  let dataset: Dataset;
  let run: RunView;
  let filters: readonly FilterAnswer[];
  const folder = temporaryFolder();

  beforeAll(async () => {
    server = await open('local');
    session = await server.connect('application');
    // Neither of the two is what statements may rely on.
    await session.query("SET timezone = 'Asia/Tokyo'");
    await session.query(CREATE);
    await insertVectors(session, 'your_table', clusteredVectors(ROWS, DIMENSIONS, 'rows'));
    await session.query(FILL);
    await session.query('VACUUM FULL your_table');
    await session.query('ANALYZE your_table');
    dataset = await importDataset(
      join(folder.path, 'datasets'),
      await openLiveTable({
        session,
        server: 'test',
        table: 'your_table',
        attributes: [
          'kind',
          'tenant',
          'account',
          'price in $1',
          'score',
          'weight',
          'owner',
          'open',
          'day',
          'local',
          'at',
          'state',
          'name',
          'tags',
          'data',
        ],
        rows: ROWS,
        seed: 1,
        deadlineMs: 60_000,
        reporter: silentReporter,
      }),
      { queries: 100 },
    );
    const config = resolveConfig(null, {
      server: 'local',
      indexes: [{ hnsw: { m: [8], ef_construction: [32] } }],
      metric: 'cosine',
      target: { recall: 0.8 },
      workloads: [
        {
          filtered: {
            filters: FILTERS,
            strategies: [
              'pre-filter',
              'block-ranges',
              'partial-index',
              'list-partitions',
              'post-filter',
              'iterative-relaxed',
            ],
          },
        },
      ],
      measure: { samples: 100, queries: 100 },
    });
    const results = join(folder.path, 'results');
    await runExperiment(
      {
        command: 'tune',
        config,
        dataset,
        target: null,
        results,
        run: 'types',
        resume: false,
        version: '0.0.0',
        signal: new AbortController().signal,
        reporter: silentReporter,
        now: () => new Date('2026-01-01T00:00:00.000Z'),
      },
      (situation) => tuneFromConfig(config).search(situation),
    );
    run = viewRun(readRun(results, 'types'));
    filters = run.answer?.kind === 'tune' ? run.answer.filtered![0]!.filters : [];
  }, 240_000);
  afterAll(async () => {
    dataset.close();
    await session.close();
    await server.stop();
    folder.remove();
  });

  it('rest on the types of the table', () => {
    expect(dataset.manifest.columns.map(({ name, type, sqlType }) => [name, sqlType ?? type])).toEqual([
      ['kind', 'smallint'],
      ['tenant', 'integer'],
      ['account', 'bigint'],
      ['price in $1', 'numeric'],
      ['score', 'real'],
      ['weight', 'number'],
      ['owner', 'uuid'],
      ['open', 'boolean'],
      ['day', 'date'],
      ['local', 'timestamp'],
      ['at', 'date'],
      ['state', { enum: 'state', labels: expect.arrayContaining(["it's 3"]) as string[] }],
      ['name', 'text'],
      ['tags', 'text[]'],
      ['data', 'json'],
    ]);
  });

  it.each(Object.keys(FILTERS))('run as they stand, with the plans that were measured: %s', async (name) => {
    const filter = filters.find((answer) => answer.name === name)!;
    const measured = filter.options.filter(({ outcome, point }) => outcome === 'reaches' && point !== null);
    expect(measured.map(({ strategy }) => strategy)).toEqual(expect.arrayContaining(['pre-filter', 'partial-index']));
    for (const option of measured) await checkOption(filter, option);
  });

  async function checkOption(filter: FilterAnswer, option: FilterOption): Promise<void> {
    const { build, query, check, undo } = filteredSql(run, filter, option)!;
    for (const statement of build) await session.query(statement);
    const { values } = parameterisedFilter(filter.example, { first: 2, columns: filter.columns, columnSql: (c) => c });
    const parameters = [vectorText(dataset.queries.values.subarray(0, DIMENSIONS)), ...values];
    const plans = new Set<string>();
    for (const statement of query) {
      if (!/^(WITH|SELECT) /.test(statement)) {
        await session.query(statement);
        continue;
      }
      expect(await session.query(statement, parameters)).toHaveLength(K);
      const plan = await explainQuery(session, statement.replace(/;$/, ''), parameters);
      const tables = [
        'your_table',
        ...Array.from({ length: 3 }, (_, i) => `your_table_by_${filter.columns[0]!.name}_${i}`),
      ];
      plans.add(planText(describeScans(scansOf(plan, tables))));
    }
    const point = run.workloadPoints.get(option.point!)!;
    const expected = point.measured!.filtering!.plans.map(({ scans }) => planText(scans));
    expect({ strategy: option.strategy, plans: expected }).toEqual({
      strategy: option.strategy,
      plans: expect.arrayContaining([...plans]) as string[],
    });
    for (const statement of check) await session.query(statement);
    for (const statement of undo) await session.query(statement);
    expect(await leftovers()).toBe('0');
  }

  /** Tables and indexes that were not taken away again. */
  async function leftovers(): Promise<string | undefined> {
    const [left] = await session.query<{ count: string }>(
      "SELECT count(*) FROM pg_class WHERE relname LIKE 'your_table_%' AND relname <> 'your_table_pkey'",
    );
    return left?.count;
  }

  it('stand together on one table: partitions by two columns, partial indexes and a btree', async () => {
    const WAYS: Readonly<Record<string, string>> = {
      integer: 'list-partitions',
      uuid: 'list-partitions',
      text: 'partial-index',
      bigint: 'pre-filter',
    };
    const served = Object.entries(WAYS).map(([name, strategy]) => {
      const filter = filters.findIndex((one) => one.name === name);
      const option = filters[filter]!.options.findIndex((one) => one.strategy === strategy);
      const point = filters[filter]!.options[option]!.point!;
      return { of: { kind: 'filtered' as const, workload: 0, filter }, option, point, alone: point, lost: [] };
    });
    const builds = [...new Set(served.flatMap(({ of, option }) => filters[of.filter]!.options[option]!.builds))];
    const printed = configurationSql(run, { builds, bytes: 0, served, writes: null })!;
    for (const statement of printed.build) await session.query(statement);
    for (const { served: one, query, check } of printed.workloads) {
      const { example, columns, options, name } = filters[one.of.kind === 'filtered' ? one.of.filter : 0]!;
      const { values } = parameterisedFilter(example, { first: 2, columns, columnSql: (c) => c });
      const parameters = [vectorText(dataset.queries.values.subarray(0, DIMENSIONS)), ...values];
      for (const statement of query) {
        if (!/^(WITH|SELECT) /.test(statement)) {
          await session.query(statement);
          continue;
        }
        expect(await session.query(statement, parameters)).toHaveLength(K);
        const plan = JSON.stringify(await explainQuery(session, statement.replace(/;$/, ''), parameters));
        const own =
          options[one.option!]!.strategy === 'list-partitions' ? `your_table_by_${columns[0]!.name}_` : 'your_table';
        expect({ name, plan }).toEqual({ name, plan: expect.stringContaining(own) as string });
      }
      for (const statement of check) await session.query(statement);
    }
    for (const statement of [...printed.check, ...printed.undo]) await session.query(statement);
    expect(await leftovers()).toBe('0');
  });

  it('are those of the report', () => {
    const report = vectorOptimization(run, { costs: new Map() });
    for (const filter of filters) {
      const option = filter.best === null ? null : filter.options[filter.best]!;
      for (const statement of option ? filteredSql(run, filter, option)!.build : [])
        expect(report).toContain(statement);
    }
  });
});

/** A plan without the names of indexes and tables, which differ. */
const planText = (scans: string): string => scans.replaceAll(/(using|on) \S+/g, '$1 …');
