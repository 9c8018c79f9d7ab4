import { describe, expect, it } from 'vitest';
import { defaultFamilies, type Space, tune } from '../../../src/tune/index.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { spaceFor } from '../../support/spaces.js';
import { answer, requestsOf, syntheticBench, type SyntheticServer } from '../../support/synthetic-bench.js';

const situation = { rows: 1_000_000, dimensions: 96, metric: 'cosine' as const, pgvector: '0.8.6' };
const MOST = 50_000;

const space = (families: Space['families'] = defaultFamilies(situation, [{ representation: 'vector' }])): Space =>
  spaceFor({ families, rows: situation.rows, dimensions: situation.dimensions, rowsBudget: MOST });

/** The knob that a recall takes grows with the fifth root of the rows; more ef_construction needs less of it. */
const server = (listBuffers: number): SyntheticServer => {
  const rowsOf = new Map<string, number>();
  return {
    figures({ method, parameters }, knob, { build }) {
      if (method === 'none') return { recall: 1, medianMs: 900, buffers: 200_000 };
      const rows = rowsOf.get(build) ?? situation.rows;
      if (method === 'ivfflat') {
        const share = knob / Number(parameters['lists']);
        const buffers = listBuffers * share;
        return { recall: Math.min(0.999, 1 - 0.4 * Math.exp(-60 * share)), medianMs: buffers / 400, buffers };
      }
      const quality = Number(parameters['ef_construction']) / Math.cbrt(rows / situation.rows);
      const effort = (knob * (quality / 64) ** 0.2) / (rows / 1000) ** 0.2;
      return {
        recall: Math.min(0.999, 1 - 0.5 * Math.exp(-effort / 4)),
        medianMs: knob / 50,
        buffers: (50 + 8 * knob) * (Number(parameters['m']) / 16) ** 0.5,
      };
    },
    buildSeconds: ({ method }) => (method === 'ivfflat' ? 1 : 20),
    onBuild: ({ key, request }) => rowsOf.set(key, request.rows ?? situation.rows),
  };
};

function run(listBuffers: number, wanted = space()) {
  const bench = syntheticBench(server(listBuffers));
  const result = answer(tune(wanted), bench.reply);
  const builds = requestsOf(bench.asked, 'build').filter(({ spec }) => spec.method !== 'none');
  return {
    result,
    whole: builds.filter(({ rows }) => rows === undefined).map(({ spec }) => spec),
    most: Math.max(...builds.map(({ rows }) => rows ?? 0)),
  };
}

const graphs = (specs: readonly IndexSpec[]): readonly IndexSpec[] => specs.filter(({ method }) => method === 'hnsw');

describe('a table too large to build many indexes on', () => {
  it('gets one graph on all rows, chosen on a subset, and recommended by what was measured on all', () => {
    const { result, whole, most } = run(1e6);
    expect(most).toBe(MOST);
    expect(whole).toHaveLength(1);
    expect(result.recommendation?.spec).toEqual(whole[0]);
    expect(Number(whole[0]?.parameters['ef_construction'])).toBeGreaterThan(64);
    expect(result.verdict).toBe('recommended');
  });

  it('is said what was extrapolated, beside what was measured', () => {
    const { control, built, rows } = run(1e6).result.subsetChoice!;
    expect(rows).toBe(MOST);
    expect(control.sizes.map((size) => size.rows)).toEqual([MOST / 2, MOST]);
    const [half, whole] = control.sizes;
    expect(whole!.value).toBeGreaterThan(half!.value);
    expect(control.expected).toBeGreaterThan(whole!.value);
    const [chosen] = built;
    expect(chosen!.reached).not.toBeNull();
    expect(Math.abs(Math.log(chosen!.expected / chosen!.reached!))).toBeLessThan(Math.log(1.5));
  });

  it('gets lists beside the graph where a subset does not tell them apart, for they are quick to build', () => {
    const { whole } = run(2700);
    expect(graphs(whole)).toHaveLength(1);
    expect(whole.map(({ method }) => method)).toContain('ivfflat');
  });

  it('is tuned with the only index that is named', () => {
    const [only] = space().families;
    const { result, whole } = run(1e6, space([only!]));
    expect(whole).toEqual([only!.spec]);
    expect(result.subsetChoice?.built.map(({ spec }) => spec)).toEqual([only!.spec]);
    expect(result.verdict).toBe('recommended');
  });

  it('is told nothing of the default index where that is not built: half precision is not the default', () => {
    const families = space(
      defaultFamilies(situation, [{ representation: 'vector' }, { representation: 'halfvec' }]),
    ).families.filter(({ spec }) => spec.parameters['m'] === 16 && spec.parameters['ef_construction'] === 64);
    const { result, whole } = run(1e6, space(families));
    expect(whole.map(({ representation }) => representation)).toEqual(['halfvec']);
    expect(result.advice?.defaults).toBeNull();
  });

  it('is tuned as any other where the budget covers it', () => {
    const { result, whole } = run(1e6, { ...space(), rowsBudget: situation.rows });
    expect(result.subsetChoice).toBeUndefined();
    expect(whole.length).toBeGreaterThan(1);
  });
});
