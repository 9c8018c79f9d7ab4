import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../../src/results/index.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';

let directory: ReturnType<typeof workingDirectory>;
beforeAll(() => {
  directory = workingDirectory();
});
afterAll(() => directory.remove());

const DATASET = {
  generate: {
    rows: 800,
    dimensions: 8,
    queries: 130,
    attributes: {
      tenth: { kind: 'category', selectivity: 0.1 },
      year: { kind: 'number', min: 2000, max: 2020 },
      tenant: { kind: 'tenant', values: 5 },
      document: { kind: 'document' },
    },
    text: { words: 5 },
  },
};

/** JSON is YAML. */
function config(workloads: readonly unknown[], more: object = {}): string {
  const file = join(directory.path, 'pgvtune.yaml');
  writeFileSync(file, JSON.stringify({ server: 'embedded', dataset: DATASET, workloads, ...more }));
  return file;
}

describe('filtered workloads', () => {
  it.each([
    [{ column: 'nothing' }, /Expected a column of the dataset in the filtered workload, got "nothing"/],
    [{ filters: { a: { column: 'colour', op: '=', value: 'red' } } }, /Expected a column .* got "colour"/],
    [{ filters: { a: { column: "meta->>'x'", op: '=', value: 'y' } } }, /Expected a column .* got "meta"/],
    [{ filters: { a: { column: 'meta->>x', op: '=', value: 'y' } } }, /Write a member of JSON as metadata->>'tenant'/],
    [{ filters: { a: { column: "year->>'x'", op: '=', value: 'y' } } }, /holds number, which has no member/],
    [{ column: "tenant->>'x'" }, /holds text, which has no member for tenant->>'x'/],
    [{ join: { table: 'documents', key: "year->>'x'", columns: ['tenant'] } }, /got "year->>'x'"/],
    [{ filters: { a: { column: 'year', op: '=', value: 'red' } } }, /Expected a number for the column year, got "red"/],
    [{ filters: { a: { column: 'year', op: 'contains', value: ['x'] } } }, /"contains" cannot be asked of/],
    [{ strategies: ['magic'] }, /Expected a strategy for filtered queries, got "magic"/],
    [{ join: { table: 'documents', key: 'doc', columns: ['tenant'] } }, /got "doc"/],
    [
      {
        filters: 'none',
        join: {
          table: 'documents',
          key: 'document',
          columns: [],
          join: { table: 'p', key: 'project', columns: ['tenant'] },
        },
      },
      /got "project"/,
    ],
    [{ filters: 'none', returns: { distinct: 'doc' } }, /got "doc"/],
    [{ returns: { page: 1 } }, /workloads\.0\.filtered\.returns/],
    [{ returns: { within: 'near' } }, /workloads\.0\.filtered\.returns/],
    [{ selectivity: 2 }, /workloads\.0\.filtered\.selectivity/],
  ])('that cannot be are refused before a server is started: %j', async (filtered, message) => {
    const { code, stdout, stderr } = await pgvtune(directory.path, 'tune', config([{ filtered }]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/Starting/);
  });

  it.each([
    [
      { filtered: { filters: { none: { column: 'tenth', op: '=', value: 'no such value' } } } },
      /The filter tenth = 'no such value' leaves none of the 800 rows/,
    ],
    [
      { filtered: { join: { table: 'documents', key: 'document', columns: ['tenth'] }, selectivity: 0.1 } },
      /The rows of document .* do not agree on tenth: it cannot be stored in documents/,
    ],
    [
      { filtered: { filters: 'none', returns: { within: -1 } } },
      /No query has a row nearer than -1\.\nThe nearest rows are [\d.]+ to [\d.]+ away/,
    ],
    [{ filtered: { filters: 'none', returns: { page: 90 } } }, /No query has rows for page 90/],
    [{ filtered: { column: 'tenth', selectivity: 0.001 } }, /No column has values of any of the selectivities/],
  ])('that find nothing are refused before a server is started, too: %j', async (workload, message) => {
    const { code, stderr } = await pgvtune(directory.path, 'tune', config([workload]));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/Starting|Loading/);
  });

  it('are not what bench measures', async () => {
    const { code, stderr } = await pgvtune(directory.path, 'bench', config(['filtered']));
    expect(code).toBe(2);
    expect(stderr).toMatch(/bench measures plain queries/);
  });

  it('get a strategy each, with chart, SQL and figures, and the same report again without a server', async () => {
    const filtered = {
      selectivity: 0.1,
      correlation: 0,
      strategies: ['exact-scan', 'pre-filter', 'block-ranges', 'post-filter'],
    };
    const named = {
      filters: { '*mine*': { column: 'tenant', op: '=', value: { draw: 'own' } } },
      join: { table: 'documents', key: 'document', columns: ['tenant'] },
      strategies: ['pre-filter', 'denormalised-pre-filter'],
    };
    const indexes = [{ hnsw: { m: 8, ef_construction: 32 } }];
    const file = config([{ filtered }, { filtered: named }], { indexes });
    const { code, stdout, stderr } = await pgvtune(directory.path, 'tune', file, '--name', 'filters', '--json');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const { answer, records } = JSON.parse(stdout);
    expect(answer.verdict).toBe('not asked');
    expect(answer.filtered).toHaveLength(2);

    const [grid, mine] = answer.filtered;
    expect(grid.filters[0]).toMatchObject({ cell: { selectivity: 0.1, correlation: 0 }, best: expect.any(Number) });
    expect(grid.filters[0].achieved.selectivity).toBeCloseTo(0.1, 2);
    // Few rows: sorting them is cheaper than any graph, and nothing else is recommended.
    const best = grid.filters[0].options[grid.filters[0].best];
    expect(['pre-filter', 'exact-scan']).toContain(best.strategy);
    const outcomes = mine.filters[0].options.map(({ outcome }: { outcome: string }) => outcome);
    expect(outcomes).toEqual(['reaches', 'reaches']);
    const writes = records.filter(({ type }: { type: string }) => type === 'writes');
    expect(writes.length).toBeGreaterThan(0);
    for (const { with: own, without } of writes) {
      expect(own.walBytes).toBeGreaterThan(without.walBytes);
      // Of one row: a vector of a few dozen dimensions, and its way into an index.
      expect(own.walBytes).toBeLessThan(20_000);
    }

    const report = (name: string): string => readFileSync(join(directory.path, 'results/filters', name), 'utf8');
    const text = report('vector_optimization.md');
    expect(text).toContain('## Filtered queries');
    expect(text).toContain('### With default settings');
    expect(text).toContain('\\*mine\\*: with the join index on the filter, exact sort in ');
    expect(text).not.toContain('**mine**');
    expect(text).toContain('CREATE INDEX CONCURRENTLY');
    expect(text).toContain('Not applicable: block ranges (BRIN) of the filter, exact sort (Block ranges');
    expect(report('filtered-strategies.svg')).toContain('<svg');
    const csv = report('points.csv').split('\n');
    expect(csv[0]).toContain('strategy,filter,join,forced');
    expect(csv.length).toBe(
      2 + readRun(join(directory.path, 'results'), 'filters').records.filter(({ type }) => type === 'point').length,
    );

    expect((await pgvtune(directory.path, 'report', 'filters')).code).toBe(0);
    expect(report('vector_optimization.md')).toBe(text);
  });
});
