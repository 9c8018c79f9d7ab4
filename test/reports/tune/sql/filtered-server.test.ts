import { beforeAll, expect, it } from 'vitest';
import { shortHash } from '../../../../src/canonical-json.js';
import { encodeArgument } from '../../../../src/experiment/points/arm.js';
import { NO_FILTER, type Filter, type Join } from '../../../../src/filter.js';
import type { Session } from '../../../../src/postgres/index.js';
import { viewRun } from '../../../../src/reports/index.js';
import { filteredSql, nextPageSql } from '../../../../src/reports/tune/sql/filtered.js';
import type { BuildRequest } from '../../../../src/results/index.js';
import type { Returned } from '../../../../src/returns.js';
import type { SearchSettings } from '../../../../src/vocabulary.js';
import { columnsOf, columnsOfJoin, returnForm } from '../../../../src/workloads/index.js';
import { buildRecord, builtIndex, filterAnswer, filterOption, pointRecord } from '../../../support/records.js';
import { exactScan, hnsw } from '../../../support/running-bench.js';
import { manifest } from '../../../support/run-manifest.js';
import { describeServers } from '../../../support/servers.js';
import { filteredData } from '../../../workloads/filtered/filtered-data.js';
import { createStrategyBench } from '../../../workloads/filtered/strategy-bench.js';

/*
 * What a report prints for filtered queries is run as it is printed; its answers are those of a plain statement, written
 * here by hand, on the same table without any index.
 */

const K = 5;
const data = filteredData({ rows: 600, queries: 6, dimensions: 12 });
const region: Filter = { column: 'region', op: '=', value: 'region 1' };
const OWNERS: Join = {
  table: 'documents',
  key: 'document',
  columns: [],
  join: { table: 'owners', key: 'owner', columns: ['region'] },
};
const large: Filter = { column: 'tenant', op: '=', value: 'large' };

const CASES: readonly {
  readonly name: string;
  readonly filter: Filter;
  readonly join?: Join;
  readonly returns?: Returned;
  /** The same question, where `d` is the distance. */
  readonly plain: string;
}[] = [
  {
    name: 'a column two joins away',
    filter: region,
    join: OWNERS,
    plain: "SELECT id FROM all_rows WHERE region = 'region 1' ORDER BY d, id LIMIT 5",
  },
  {
    name: 'rows within a distance',
    filter: NO_FILTER,
    returns: { within: 2.6 },
    plain: 'SELECT id FROM all_rows WHERE d < 2.6 ORDER BY d, id LIMIT 5',
  },
  {
    name: 'rows of a tenant within a distance',
    filter: large,
    returns: { within: 2.8 },
    plain: "SELECT id FROM all_rows WHERE d < 2.8 AND tenant = 'large' ORDER BY d, id LIMIT 5",
  },
  {
    name: 'a member of JSON',
    filter: { column: "meta->>'source'", op: '=', value: 's3' },
    plain: "SELECT id FROM all_rows WHERE meta->>'source' = 's3' ORDER BY d, id LIMIT 5",
  },
  {
    name: 'different values of a member of JSON',
    filter: { column: "meta->>'page'", op: 'in', value: ['1', '2', '3', '4', '5', '6'] },
    returns: { distinct: "meta->>'source'", rows: 60 },
    plain:
      "SELECT id FROM (SELECT id, d, row_number() OVER (PARTITION BY meta->>'source' ORDER BY d) AS n FROM all_rows WHERE meta->>'page' IN ('1', '2', '3', '4', '5', '6')) AS r WHERE n = 1 ORDER BY d LIMIT 5",
  },
  {
    name: 'the third page',
    filter: large,
    returns: { page: 3 },
    plain: "SELECT id FROM all_rows WHERE tenant = 'large' ORDER BY d, id LIMIT 5 OFFSET 10",
  },
  {
    name: 'different documents',
    filter: large,
    returns: { distinct: 'document', rows: 40 },
    plain:
      "SELECT id FROM (SELECT id, d, row_number() OVER (PARTITION BY document ORDER BY d) AS n FROM all_rows WHERE tenant = 'large') AS r WHERE n = 1 ORDER BY d LIMIT 5",
  },
];

const STRATEGIES: readonly {
  readonly strategy: string;
  readonly request: Partial<BuildRequest>;
  readonly settings: SearchSettings;
}[] = [
  { strategy: 'exact-scan', request: { spec: exactScan }, settings: {} },
  {
    strategy: 'iterative-relaxed',
    request: { spec: hnsw() },
    settings: { iterative_scan: 'relaxed_order', ef_search: 400 },
  },
  { strategy: 'post-filter', request: { spec: hnsw() }, settings: { iterative_scan: 'off', ef_search: 600 } },
];

await describeServers('what is printed for filtered queries', (server) => {
  let session: Session;
  beforeAll(async () => {
    ({ session } = await createStrategyBench(server(), data, OWNERS));
    await session.query('ALTER TABLE items RENAME TO your_table');
    return () => session.close();
  });

  it.each(CASES)('answers the question for $name', async ({ filter, join, returns, plain }) => {
    for (const { strategy, request, settings } of STRATEGIES) {
      const isExact = strategy === 'exact-scan';
      const { build, query, check, undo } = printed(strategy, isExact ? [] : [request], {
        filter,
        join,
        returns,
        settings,
      });
      for (const statement of build) await session.query(statement);
      let rows = 0;
      for (let q = 0; q < data.queries.rows; q++) {
        const vector = data.queries.values.subarray(q * 12, (q + 1) * 12);
        const value = 'value' in filter ? filter.value : undefined;
        const values = Array.isArray(value)
          ? [`{${value.map(String).join(',')}}`]
          : typeof value === 'string'
            ? [value]
            : [];
        const returned = await runPrinted(session, query, [encodeArgument(vector), ...values]);
        const wanted = await session.execute(
          {
            name: `plain_${shortHash(plain)}`,
            text: `WITH all_rows AS MATERIALIZED (SELECT *, embedding <-> $1::vector AS d FROM your_table) ${plain}`,
          },
          [encodeArgument(vector)],
        );
        rows += wanted.length;
        expect(returned, strategy).toEqual(wanted.map(([id]) => Number(id)));
      }
      expect(rows).toBeGreaterThan(K);
      for (const statement of [...check, ...undo]) await session.query(statement);
    }
  });

  it.each([
    [{ column: 'tenant', op: 'is_null' }, '"tenant" IS NULL', 'tenant IS NULL', []],
    [
      { column: 'meta', op: 'contains', value: { source: 's1' } },
      `"meta" @> '{"source":"s1"}'`,
      "meta->>'source' = 's1'",
      ['{"source":"s1"}'],
    ],
    [{ column: "meta->>'source'", op: '=', value: 's1' }, `"meta"->>'source' = 's1'`, "meta->>'source' = 's1'", ['s1']],
  ] satisfies [Filter, string, string, string[]][])(
    'answers by an index over the rows of %j alone',
    async (filter, predicate, plain, values) => {
      const placement = { kind: 'partial' as const, predicates: [predicate] };
      const settings = { iterative_scan: 'off', ef_search: 400 };
      const { build, query, undo } = printed('partial-index', [{ spec: hnsw(), placement }], { filter, settings });
      for (const statement of build) await session.query(statement);
      const vector = encodeArgument(data.queries.values.subarray(0, 12));
      const wanted = await session.execute(
        {
          name: `plain_${shortHash(plain)}`,
          text: `SELECT id FROM your_table WHERE ${plain} ORDER BY (embedding <-> $1::vector) + 0 LIMIT 5`,
        },
        [vector],
      );
      expect(wanted).toHaveLength(K);
      expect(await runPrinted(session, query, [vector, ...values])).toEqual(wanted.map(([id]) => Number(id)));
      for (const statement of undo) await session.query(statement);
    },
  );

  it('answers in one round trip by a PL/pgSQL function, which is planned with the values of the query', async () => {
    const filter: Filter = { column: "meta->>'source'", op: '=', value: 's1' };
    const placement = { kind: 'partial' as const, predicates: [`"meta"->>'source' = 's1'`] };
    const settings = { iterative_scan: 'off', ef_search: 400 };
    const { build, query, undo } = printed('partial-index', [{ spec: hnsw(), placement }], { filter, settings });
    for (const statement of build) await session.query(statement);
    const clauses = query.flatMap((line) => /^SET LOCAL (.*);$/.exec(line)?.[1] ?? []).map((set) => `SET ${set}`);
    const select = query.find((line) => line.startsWith('SELECT'))!;
    const bodies = { sql: select, plpgsql: `BEGIN RETURN QUERY ${select} END` };
    /** Of the partial index; what was not handed in yet counts, too. */
    const scansSoFar = async (): Promise<number> => {
      const [used] = await session.query<{ scans: number }>(
        "SELECT sum(pg_stat_get_xact_numscans(indexrelid))::int AS scans FROM pg_index WHERE indrelid = 'your_table'::regclass AND indpred IS NOT NULL",
      );
      return used!.scans;
    };
    const scans: Record<string, number> = {};
    for (const [language, body] of Object.entries(bodies)) {
      const own = `printed_${language}`;
      await session.query(
        `CREATE FUNCTION ${own}(vector, text) RETURNS SETOF your_table.id%TYPE LANGUAGE ${language} STABLE ${clauses.join(' ')} AS $$ ${body} $$`,
      );
      scans[language] = await session.rolledBack(async () => {
        const before = await scansSoFar();
        const vector = '(SELECT embedding FROM your_table LIMIT 1)';
        expect(await session.query(`SELECT * FROM ${own}(${vector}, 's1')`)).toHaveLength(K);
        return (await scansSoFar()) - before;
      });
      await session.query(`DROP FUNCTION ${own}`);
    }
    const [server] = await session.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    expect(scans).toEqual({ sql: server!.version < 18_00_00 ? 0 : 1, plpgsql: 1 });
    for (const statement of undo) await session.query(statement);
  });

  it('reads on by keyset, page after page', async () => {
    const question = { filter: large, returns: { page: 4 } };
    const settings = { iterative_scan: 'off', ef_search: 600 };
    const { build, undo } = printed('post-filter', [{ spec: hnsw() }], { ...question, settings });
    for (const statement of build) await session.query(statement);
    for (const [strategy, request, own] of [
      ['post-filter', { spec: hnsw() }, settings],
      ['exact-scan', { spec: exactScan }, {}],
    ] as const) {
      const { run, answer, option } = reported(strategy, [request], { ...question, settings: own });
      const next = nextPageSql(run, answer, option)!;
      const vector = encodeArgument(data.queries.values.subarray(0, 12));
      const seen: number[] = [];
      let after: readonly [string, string] = ['-Infinity', '-1'];
      for (let page = 0; page < 4; page++) {
        const rows = await rowsOfPrinted(session, next, [vector, 'large', ...after]);
        seen.push(...rows.map(([id]) => Number(id)));
        const [id, distance] = rows.at(-1)!;
        after = [String(distance), String(id)];
      }
      const all = await session.execute(
        {
          name: 'all_pages',
          text: "SELECT id FROM your_table WHERE tenant = 'large' ORDER BY (embedding <-> $1::vector) + 0, id LIMIT 20",
        },
        [vector],
      );
      expect(seen).toEqual(all.map(([id]) => Number(id)));
    }
    for (const statement of undo) await session.query(statement);
  });
});

/** What there is to print of a strategy that was measured on these builds. */
function reported(
  strategy: string,
  requests: readonly Partial<BuildRequest>[],
  asked: {
    readonly filter: Filter;
    readonly join?: Join | undefined;
    readonly returns?: Returned | undefined;
    readonly settings: SearchSettings;
  },
) {
  const { filter, join = null, returns, settings } = asked;
  const names = [...columnsOf(filter), ...columnsOfJoin(join), ...(returns ? returnForm(returns, K).columns : [])];
  const builds = requests.map((request) => buildRecord({ request, index: builtIndex() }));
  const answer = filterAnswer({
    filter,
    example: filter,
    join,
    returns,
    columns: data.columns.filter(({ name }) => names.includes(name)),
  });
  const workload = { kind: 'filtered' as const, k: K, filter, join, strategy, ...(returns ? { returns } : {}) };
  const point = pointRecord({ request: { workload, settings } });
  const spec = requests[0]?.spec ?? exactScan;
  const option = filterOption({ strategy, spec, settings, builds: builds.map(({ key }) => key), point: point.key });
  const own = manifest('local');
  const dataset = { ...own.dataset, dimensions: 12, rows: 600 };
  const run = viewRun({ manifest: { ...own, metric: 'l2', dataset }, records: [...builds, point] });
  return { run, answer, option };
}

function printed(...asked: Parameters<typeof reported>) {
  const { run, answer, option } = reported(...asked);
  return filteredSql(run, answer, option)!;
}

/** The rows of the one statement among them that asks. */
async function runPrinted(
  session: Session,
  lines: readonly string[],
  parameters: Parameters<Session['execute']>[1],
): Promise<readonly number[]> {
  return (await rowsOfPrinted(session, lines, parameters)).map(([id]) => Number(id));
}

async function rowsOfPrinted(
  session: Session,
  lines: readonly string[],
  parameters: Parameters<Session['execute']>[1],
): Promise<readonly (readonly unknown[])[]> {
  let returned: readonly (readonly unknown[])[] = [];
  for (const line of lines) {
    if (!/^(SELECT|WITH) /.test(line)) await session.query(line);
    else returned = await session.execute({ name: `p_${shortHash(line)}`, text: line.replace(/;$/, '') }, parameters);
  }
  return returned;
}
