import { describe, expect, it } from 'vitest';
import { type Ask, keyOf, type Reply, type TuneAnswer } from '../../src/results/index.js';
import { defaultFamilies, rulesOfThumb, tuneWorkloads } from '../../src/tune/index.js';
import type { IndexSpec } from '../../src/vocabulary.js';
import { spaceFor, targetFor } from '../support/spaces.js';
import { answer, syntheticBench, type SyntheticServer } from '../support/synthetic-bench.js';
import { timedBench } from '../support/timed-bench.js';

const situation = { rows: 100_000, dimensions: 96, metric: 'cosine' as const, pgvector: '0.8.6' };

/** An insert costs the logarithm of the rows; a graph of pgvector's default takes a minute. */
function buildSeconds({ method, parameters }: IndexSpec, rows = situation.rows): number {
  const share = (rows * Math.log(rows)) / (situation.rows * Math.log(situation.rows));
  if (method === 'ivfflat') return (share * Number(parameters['lists'])) / 100;
  const [m, efConstruction] = [Number(parameters['m']), Number(parameters['ef_construction'])];
  return 60 * share * (m / 16) * (efConstruction / 64);
}

const server: SyntheticServer = {
  figures({ method, parameters }, knob) {
    if (method === 'none') return { recall: 1, medianMs: 20, buffers: 5000 };
    if (method === 'ivfflat') {
      const share = knob / Number(parameters['lists']);
      return { recall: 1 - 0.5 / (1 + 200 * share), medianMs: 0.5 + 15 * share, buffers: 20 + 4000 * share };
    }
    const m = Number(parameters['m']);
    return {
      recall: 1 - 1 / (1 + (knob * m) / 16),
      medianMs: 0.2 + 0.001 * knob * m ** 0.6,
      buffers: 2 * knob * m ** 0.6,
    };
  },
  buildSeconds,
};

const workloads = (budgetSeconds: number | null, rowsBudget: number | null = null) => ({
  target: targetFor({ minimise: 'buffers' }),
  plain: spaceFor(
    {
      families: defaultFamilies(situation, [{ representation: 'vector' }]),
      rulesOfThumb: rowsBudget === null ? rulesOfThumb(situation) : [],
      rowsBudget,
      rows: situation.rows,
      dimensions: situation.dimensions,
    },
    { minimise: 'buffers' },
  ),
  filtered: [],
  hybrid: [],
  budgetSeconds,
});

function run(budgetSeconds: number | null, reply = syntheticBench(server).reply, rowsBudget: number | null = null) {
  const bench = timedBench(reply);
  const found: TuneAnswer = answer(tuneWorkloads(workloads(budgetSeconds, rowsBudget)), bench.reply);
  return { found, spent: bench.spentSeconds() };
}

const codesOf = ({ budget }: TuneAnswer): ReadonlySet<string> => new Set(budget?.omissions.map(({ code }) => code));

describe('tune within a budget', () => {
  const unbounded = run(null);

  it.each([30, 60, 120, 200, 300, 450])('answers within %d s, and names what it left out', (seconds) => {
    const { found, spent } = run(seconds);
    expect(found.recommendation).not.toBeNull();
    expect(found.verdict).toBe('recommended');
    expect(spent).toBeLessThan(Math.max(1.1 * seconds, seconds + 10));
    expect(found.budget).toMatchObject({ seconds, spentSeconds: spent });
    if (seconds < 0.9 * unbounded.spent) expect(codesOf(found).size).toBeGreaterThan(0);
  });

  it.each([40, 90, 150, 300])('answers within %d s with a budget of rows, too', (seconds) => {
    const { found, spent } = run(seconds, syntheticBench(server).reply, 10_000);
    expect(found.recommendation).not.toBeNull();
    expect(spent).toBeLessThan(Math.max(1.1 * seconds, seconds + 10));
  });

  it('leaves nothing out where there is time enough, and then finds the same', () => {
    const { found } = run(100 * unbounded.spent);
    expect(found.budget?.omissions).toEqual([]);
    expect({ ...found, budget: undefined }).toEqual({ ...unbounded.found, budget: undefined });
    expect(unbounded.found.budget).toBeUndefined();
  });

  it('confirms the exact scan where there is no time for any index', () => {
    const slow: SyntheticServer = { ...server, buildSeconds: (spec, rows) => 1000 * buildSeconds(spec, rows) };
    const { found } = run(60, syntheticBench(slow).reply);
    expect(found.recommendation?.spec.method).toBe('none');
    expect(codesOf(found)).toContain('build');
  });

  it('builds what is quick where there is no time for a graph', () => {
    const { found } = run(20);
    expect(found.recommendation?.spec.method).toBe('ivfflat');
  });

  it('decides the same when it is resumed', () => {
    const journal = new Map<string, Reply[number]>();
    const bench = timedBench(syntheticBench(server).reply);
    const keeping = (ask: Ask): Reply => {
      const records = bench.reply(ask);
      if (ask.kind !== 'release') for (const record of records) journal.set(`${record.type} ${record.key}`, record);
      return records;
    };
    const first = answer(tuneWorkloads(workloads(200)), keeping);
    const again = answer(tuneWorkloads(workloads(200)), (ask) =>
      ask.kind === 'release'
        ? []
        : ask.requests.map((request) => journal.get(`${ask.kind} ${keyOf(ask.kind, request as never)}`)!),
    );
    expect(again).toEqual(first);
  });
});
