import { describe, expect, it } from 'vitest';
import { tuneExit } from '../../src/cli/commands/tune/exit.js';
import type { SearchOutcome } from '../../src/cli/run-search.js';
import type { FilterAnswer, FilterOption, TuneAnswer } from '../../src/results/index.js';

const index = { spec: { method: 'hnsw', representation: 'vector', parameters: {} }, settings: {} } as const;

const answer = (change: Partial<TuneAnswer>): TuneAnswer => ({
  kind: 'tune',
  verdict: 'recommended',
  target: { recall: 0.95, minimise: 'p95' },
  recommendation: null,
  runnerUp: null,
  because: '',
  rejected: [],
  baselines: [],
  front: [],
  nearest: [],
  ...change,
});

/** A filter that no strategy is recommended for. */
function unserved(option: Pick<FilterOption, 'outcome' | 'point'>): NonNullable<TuneAnswer['filtered']>[number] {
  const filter: FilterAnswer = {
    name: 'mine',
    filter: { column: 'tenant', op: '=', value: 1 },
    join: null,
    example: 'tenant = 1',
    cell: null,
    achieved: { selectivity: 0.1, least: 0.1, greatest: 0.1, correlation: 0, queries: 100, filters: 1 },
    shortfalls: [],
    options: [{ ...index, strategy: 'pre-filter', title: 'pre-filter', why: null, builds: [], ...option }],
    best: null,
    rivals: [],
    today: null,
    sql: null,
  };
  return { recall: 0.95, rows: 1000, filters: [filter], crossovers: [] };
}

describe('the exit code of tune', () => {
  const exit = (change: Partial<TuneAnswer>): number =>
    tuneExit({ answer: answer(change), files: { records: [] } as unknown as SearchOutcome['files'] });
  const near = { choice: { ...index, build: 'b', point: 'p' }, misses: 'recall 0.9' };
  const missed = unserved({ outcome: 'misses', point: 'p' });
  const lost = unserved({ outcome: 'failed', point: null });

  it.each([
    ['0 for a recommendation', {}, 0],
    ['0 where plain queries were not asked for', { verdict: 'not asked' }, 0],
    ['1 when the figures say no', { verdict: 'not reached', nearest: [near] }, 1],
    ['3 when there are no figures', { verdict: 'not reached' }, 3],
    ['1 when figures say no for a filter', { filtered: [missed] }, 1],
    ['3 when there are no figures for a filter', { filtered: [lost] }, 3],
    ['1 when figures say no for one part, and there are none for another', { filtered: [lost, missed] }, 1],
  ] as const)('is %s', (_, change, code) => {
    expect(exit(change as Partial<TuneAnswer>)).toBe(code);
  });
});
