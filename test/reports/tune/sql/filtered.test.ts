import { describe, expect, it } from 'vitest';
import { viewRun } from '../../../../src/reports/index.js';
import { filteredSql } from '../../../../src/reports/tune/sql/filtered.js';
import type { BuildRequest, FilterAnswer } from '../../../../src/results/index.js';
import type { SearchSettings } from '../../../../src/vocabulary.js';
import { buildRecord, builtIndex, filterAnswer, filterOption, pointRecord } from '../../../support/records.js';
import { exactScan, hnsw } from '../../../support/running-bench.js';
import { manifest } from '../../../support/run-manifest.js';

const example = { column: 'status', op: '=', value: 'final' } as const;
const columns = [{ name: 'status', type: 'text' as const }];
const OF_STATUS: Partial<FilterAnswer> = { filter: example, example, columns };

/** What is printed for a strategy that was measured on these builds. */
function printed(
  strategy: string,
  requests: readonly Partial<BuildRequest>[],
  {
    settings = {},
    isProtected,
    ...given
  }: Partial<FilterAnswer> & { settings?: SearchSettings; isProtected?: boolean } = {},
) {
  const builds = requests.map((request) => buildRecord({ request, index: builtIndex() }));
  const filter = filterAnswer({ ...OF_STATUS, ...given });
  const point = pointRecord({
    request: {
      workload: {
        kind: 'filtered',
        k: 10,
        filter: filter.filter,
        join: filter.join,
        strategy,
        ...(isProtected ? { protected: true } : {}),
      },
      settings,
    },
  });
  const spec = requests[0]?.spec ?? exactScan;
  const option = filterOption({ strategy, spec, settings, builds: builds.map(({ key }) => key), point: point.key });
  return filteredSql(viewRun({ manifest: manifest('local'), records: [...builds, point] }), filter, option)!;
}

const statements = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.startsWith('--'));

describe('what is printed for a strategy of a filter', () => {
  it('asks with parameters, and checks with the values of one query', () => {
    const { build, query, check, undo } = printed('pre-filter', [
      { spec: exactScan, columnIndex: { method: 'btree', table: 'items', columns: ['status'] } },
    ]);
    expect(build).toEqual([
      'CREATE INDEX CONCURRENTLY your_table_status ON your_table USING btree ("status");',
      'ANALYZE your_table;',
    ]);
    expect(query).toEqual([
      'BEGIN;',
      "SET LOCAL plan_cache_mode = 'force_custom_plan';",
      expect.stringMatching(/^SELECT id FROM your_table WHERE "status" = \$2.* <=> \$1::vector LIMIT 10;$/),
      'COMMIT;',
    ]);
    expect(check.slice(0, 2)).toEqual(query.slice(0, 2));
    expect(check[2]).toMatch(
      /^EXPLAIN \(ANALYZE, BUFFERS\) SELECT .*'final'.*; {2}-- must show: using your_table_status, or Seq Scan on your_table$/,
    );
    expect(check.slice(3)).toEqual([
      'ROLLBACK;',
      expect.stringMatching(/^SELECT indexrelid::regclass, indisvalid FROM pg_index .*'your_table_status'/),
    ]);
    expect(check.join()).not.toContain('$');
    expect(undo).toEqual(['DROP INDEX CONCURRENTLY your_table_status;']);
  });

  it('is in the form that no other index can take over, where it was measured so', () => {
    const placement = { kind: 'partial' as const, predicates: ["status = 'final'"] };
    const settingsOf = (strategy: string, isProtected: boolean): readonly string[] =>
      printed(strategy, [{ spec: hnsw(), placement }], { isProtected }).query.filter((line) => line.startsWith('SET'));
    const own = settingsOf('partial-index', false);
    const protectedOnes = [...own, "SET LOCAL enable_sort = 'off';", "SET LOCAL jit = 'off';"];
    expect(settingsOf('partial-index', true)).toEqual(protectedOnes);
    // The rows of its small classes are sorted.
    expect(settingsOf('by-class-size', true)).toEqual(settingsOf('by-class-size', false));
    const btree = { spec: exactScan, columnIndex: { method: 'btree' as const, table: 'items', columns: ['status'] } };
    const sorted = printed('pre-filter', [btree], { isProtected: true });
    for (const line of [...sorted.query, ...sorted.check].filter((one) => one.includes('<=>')))
      expect(line).toContain('MATERIALIZED');
  });

  it('gives a vector index the memory that its build needs, and nothing that its version cannot do safely', () => {
    const { build } = printed('iterative-relaxed', [{ spec: hnsw() }]);
    expect(build.slice(0, 2)).toEqual([
      expect.stringMatching(/^SET maintenance_work_mem = '\d+MB';/),
      expect.stringMatching(/^SET max_parallel_maintenance_workers = 0;/),
    ]);
    expect(build.at(-1)).toBe('ANALYZE your_table;');
  });

  it('gives indexes over other rows other names, and those over the same rows the same', () => {
    const namesOf = (...values: string[]): readonly string[] => {
      const placement = { kind: 'partial' as const, predicates: values.map((value) => `"status" = '${value}'`) };
      const { build } = printed('partial-index', [{ spec: hnsw(), placement }]);
      return build.flatMap((statement) => /CONCURRENTLY (\S+) ON/.exec(statement)?.[1] ?? []);
    };
    expect(namesOf('a')).toEqual(namesOf('a'));
    expect(new Set([...namesOf('a', 'b'), ...namesOf('c'), ...namesOf('a')]).size).toBe(4);
  });

  it('writes out every partial index, and takes each away again', () => {
    const predicates = Array.from({ length: 7 }, (_, i) => `"status" = 's${i}'`);
    const settings = { iterative_scan: 'off', ef_search: 40 };
    const { build, query, undo } = printed(
      'partial-index',
      [{ spec: hnsw(), placement: { kind: 'partial', predicates } }],
      { settings },
    );
    const creates = build.filter((statement) => statement.startsWith('CREATE INDEX CONCURRENTLY'));
    expect(creates.map((create) => create.split(' WHERE ')[1])).toEqual(predicates.map((predicate) => `${predicate};`));
    // A tenth of the rows is the largest class.
    expect(build[0]).toMatch(/ for 3,000 rows$/);
    expect(undo).toHaveLength(7);
    expect(query).toContain('SET LOCAL hnsw.ef_search = 40;');
  });

  it('copies columns to the rows where that spares a join, and gives back the space of the old rows', () => {
    const join = { table: 'documents', key: 'document', columns: ['status', 'owner'] };
    const { build, query, undo } = printed(
      'denormalised-pre-filter',
      [{ spec: exactScan, columnIndex: { method: 'btree', table: 'items', columns: ['status'] } }],
      { join, columns: ['document', 'owner', 'status'].map((name) => ({ name, type: 'text' as const })) },
    );
    expect(statements(build)).toEqual([
      'ALTER TABLE your_table ADD COLUMN "status" text;',
      'UPDATE your_table AS i SET "status" = d."status" FROM "documents" AS d WHERE d.id = i."document";',
      'VACUUM FULL your_table;',
      expect.stringMatching(/^CREATE INDEX CONCURRENTLY/),
      'ANALYZE your_table;',
    ]);
    expect(query.join(' ')).not.toContain('JOIN');
    expect(undo).toEqual([
      'DROP INDEX CONCURRENTLY your_table_status;',
      'ALTER TABLE your_table DROP COLUMN "status";',
    ]);
  });

  it('copies a column as the type that it has', () => {
    const filter = { column: 'level', op: '=', value: 3 } as const;
    const { build } = printed('denormalised-pre-filter', [{ spec: exactScan }], {
      filter,
      example: filter,
      join: { table: 'documents', key: 'document', columns: ['level'] },
      columns: [
        { name: 'document', type: 'text' },
        { name: 'level', type: 'number', sqlType: 'bigint' },
      ],
    });
    expect(statements(build)[0]).toBe('ALTER TABLE your_table ADD COLUMN "level" bigint;');
  });

  it('fills partitions before it builds their indexes', () => {
    const { build, query, undo } = printed('list-partitions', [
      { spec: hnsw(), placement: { kind: 'list', column: 'status', values: ["'final'"] } },
    ]);
    const starts = [
      'SET',
      'SET',
      'CREATE TABLE',
      'CREATE TABLE',
      'CREATE TABLE',
      'INSERT',
      'CREATE INDEX',
      'CREATE INDEX',
      'VACUUM',
    ];
    expect(build.map((statement, i) => statement.startsWith(starts[i]!))).toEqual(starts.map(() => true));
    expect(build.join()).not.toContain('CONCURRENTLY');
    expect(build[5]).toBe('INSERT INTO your_table_by_status SELECT * FROM your_table;');
    expect(build[3]).toMatch(/^CREATE TABLE your_table_by_status_0 PARTITION OF your_table_by_status FOR VALUES IN/);
    expect(query.join(' ')).toContain('FROM your_table_by_status WHERE');
    expect(undo).toEqual(['DROP TABLE IF EXISTS your_table_by_status;']);
  });
});
