import { beforeAll, expect, it } from 'vitest';
import type { Filter } from '../../../src/filter.js';
import type { SearchSettings } from '../../../src/vocabulary.js';
import { filteredStrategy } from '../../../src/workloads/index.js';
import { describeServers } from '../../support/servers.js';
import { ask, hnsw, recallOf, truthOf } from './cases.js';
import { filteredData } from './filtered-data.js';
import { createStrategyBench, type Served, type StrategyBench } from './strategy-bench.js';

/*
 * What users of filtered vector search run into, on real servers.
 */

const data = filteredData({ rows: 4000, dimensions: 16, queries: 40 });
/** A few thousand rows are read faster than searched, so that the planner would take no vector index. */
const PREFER_INDEXES = { enable_seqscan: 'off' };
const tenant = (value: string): Filter => ({ column: 'tenant', op: '=', value });

const meanRows = ({ returned }: Served): number =>
  returned.reduce((sum, rows) => sum + rows.length, 0) / returned.length;

await describeServers('filtered queries', (server) => {
  let bench: StrategyBench;

  beforeAll(async () => {
    bench = await createStrategyBench(server(), data);
    return () => bench.session.close();
  });

  async function serve(
    name: string,
    filter: Filter,
    settings: SearchSettings = {},
    serverSettings: Readonly<Record<string, string>> = PREFER_INDEXES,
  ): Promise<Served & { readonly recall: number }> {
    const asked = await ask(data, filter);
    const { question } = asked;
    const strategy = filteredStrategy(name);
    const served = await bench.serve({ strategy, question, spec: hnsw, settings, server: serverSettings });
    return { ...served, recall: recallOf(truthOf(asked), served.returned) };
  }

  it('starve behind a filter of 10 %: of 40 rows that the index gives, 4 are left of 10', async () => {
    const starved = await serve('post-filter', tenant('tenth'), { ef_search: 40 });
    expect(meanRows(starved)).toBeGreaterThan(3);
    expect(meanRows(starved)).toBeLessThan(5);
    expect(meanRows(await serve('iterative-relaxed', tenant('tenth'), { ef_search: 40 }))).toBe(10);
  });

  it('get 10 rows in strict order, but not the nearest: nearer ones that come later are dropped', async () => {
    const loss = { relaxed: 0, strict: 0 };
    for (const [value, efSearch] of [
      ['tiny', 40],
      ['tenth', 10],
      ['middle', 10],
    ] as const) {
      const relaxed = await serve('iterative-relaxed', tenant(value), { ef_search: efSearch });
      const strict = await serve('iterative-strict', tenant(value), { ef_search: efSearch });
      expect([meanRows(relaxed), meanRows(strict)]).toEqual([10, 10]);
      loss.relaxed += 1 - relaxed.recall;
      loss.strict += 1 - strict.recall;
    }
    // Graphs are random: of many builds the relaxed order lost 0.01 to 0.09 in all, strict order three times as much.
    expect(loss.relaxed).toBeLessThan(0.2);
    expect(loss.strict).toBeGreaterThan(1.5 * loss.relaxed);
  });

  it('end for want of work_mem, whatever max_scan_tuples is', async () => {
    const settings = { ef_search: 40 };
    const short = { ...PREFER_INDEXES, work_mem: '64kB' };
    const byMemory = await serve('iterative-relaxed', tenant('tiny'), settings, short);
    expect(meanRows(byMemory)).toBeLessThan(6);
    const tuples = { ...settings, max_scan_tuples: 1_000_000 };
    const withTuples = await serve('iterative-relaxed', tenant('tiny'), tuples, short);
    expect(withTuples.returned).toEqual(byMemory.returned);
    const memory = { ...settings, scan_mem_multiplier: 8 };
    const withMemory = await serve('iterative-relaxed', tenant('tiny'), memory, short);
    expect(meanRows(withMemory)).toBe(10);
    const byTuples = await serve('iterative-relaxed', tenant('tiny'), { ef_search: 40, max_scan_tuples: 500 });
    expect(meanRows(byTuples)).toBeLessThan(10);
  });

  it('find a partial index only when they are planned with their constants in sight', async () => {
    const filter: Filter = { column: 'tenant', op: '=', value: { draw: 'own' } };
    expect((await serve('partial-index', filter)).problems.filter(Boolean)).toEqual([]);
    const generic = await serve('partial-index', filter, {}, { plan_cache_mode: 'force_generic_plan' });
    for (const problem of generic.problems) {
      expect(problem?.data.got).toEqual([{ table: 'items', type: 'Seq Scan', indexes: [] }]);
    }
  });

  it('leave partitions alone by the value of a parameter, but not by a list in one', async () => {
    const one: Filter = { column: 'tenant', op: '=', value: { draw: 'own' } };
    const generic = { plan_cache_mode: 'force_generic_plan' };
    expect((await serve('list-partitions', one, {}, generic)).problems.filter(Boolean)).toEqual([]);
    expect((await serve('hash-partitions', one, {}, generic)).problems.filter(Boolean)).toEqual([]);

    const two: Filter = { column: 'tenant', op: 'in', value: ['tenth', 'small'] };
    expect((await serve('list-partitions', two)).problems.filter(Boolean)).toEqual([]);
    const all = await serve('list-partitions', two, {}, generic);
    for (const problem of all.problems) {
      expect(problem?.data.wanted).toEqual({ kind: 'partitions', most: 2 });
      expect(new Set(problem?.data.got.map(({ table }) => table)).size).toBe(3);
    }
  });
});
