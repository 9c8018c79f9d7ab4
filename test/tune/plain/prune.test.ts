import { describe, expect, it } from 'vitest';
import { PgvtuneError } from '../../../src/errors.js';
import { PLANNER_DEFAULTS } from '../../../src/indexes/index.js';
import type { NotBuilt } from '../../../src/results/index.js';
import { prune } from '../../../src/tune/plain/prune.js';
import { checkQueries, defaultFamilies, type Family, type Space } from '../../../src/tune/plain/space.js';
import type { Representation, Target } from '../../../src/vocabulary.js';
import { spaceFor } from '../../support/spaces.js';

const MB = 1024 ** 2;

function space(
  rows: number,
  dimensions: number,
  change: Partial<Omit<Space, 'target'>> = {},
  target: Partial<Target> = {},
): Space {
  const families = defaultFamilies({ rows, dimensions, metric: 'cosine', pgvector: '0.8.0' }, [
    { representation: 'vector' },
  ]);
  return spaceFor({ families, rows, dimensions, queries: 1000, ...change }, target);
}

const hnsw = (
  m: number,
  representation: Representation = 'vector',
  knobValues: readonly number[] | null = null,
): Family => ({
  spec: { method: 'hnsw', representation, parameters: { m, ef_construction: 128 } },
  knobValues,
});
const reasons = (of: Space): readonly NotBuilt[] => prune(of).pruned.map(({ why }) => why);

describe('what is not built', () => {
  it('is nothing, where nothing is known and nothing is bounded', () => {
    expect(prune(space(10_000, 768)).pruned).toEqual([]);
  });

  it('never is the control', () => {
    const tight = space(10_000, 768, {}, { indexBytes: 1 });
    expect(prune(tight).kept).toEqual([tight.families[0]]);
  });

  it('is what takes more than the bound: two pages a row, but not one', () => {
    const families = [hnsw(16), hnsw(32), hnsw(16, 'halfvec')];
    const { kept } = prune(space(10_000, 1969, { families }, { indexBytes: 85 * MB }));
    expect(kept).toEqual([families[0], families[2]]);
  });

  it('is what k-means has no memory for, by the bound or by the server', () => {
    const server = { pgVersion: 17, maintenanceWorkMemBytes: 64 * MB, costs: null };
    const isIvfflat = ({ code }: NotBuilt): boolean => code === 'centres-need-memory';
    expect(reasons(space(1_000_000, 384)).some(isIvfflat)).toBe(false);
    expect(reasons(space(1_000_000, 384, { server })).filter(isIvfflat).length).toBeGreaterThan(3);
    const bounded = space(1_000_000, 384, { server }, { buildMemoryBytes: 64 * 1024 * MB });
    expect(reasons(bounded).some(isIvfflat)).toBe(false);
  });

  it('is what returns too few rows with the values that are allowed', () => {
    const families = [hnsw(16), hnsw(24, 'vector', [20, 40])];
    const asked = space(10_000, 64, { families, workload: { kind: 'plain', k: 50 } });
    expect(reasons(asked)).toEqual([{ code: 'returns-too-few-rows', data: { knob: 'ef_search', k: 50 } }]);
  });

  it('is what the planner would never take, as far as the model can tell', () => {
    const server = { pgVersion: 17, maintenanceWorkMemBytes: 1024 * MB, costs: PLANNER_DEFAULTS };
    const never: NotBuilt = { code: 'never-used-by-planner', data: { knob: 'ef_search' } };
    expect(reasons(space(200, 16, { server }))).toContainEqual(never);
    expect(reasons(space(200, 16, { server: { ...server, costs: null } }))).not.toContainEqual(never);
    expect(reasons(space(20_000, 128, { server }))).toEqual([]);
  });

  it('is, where size is all that counts, what lies on the same pages as a denser graph', () => {
    // m is free up to 76 for 768 dimensions.
    const families = [hnsw(16), hnsw(8), hnsw(24), hnsw(48), hnsw(48, 'halfvec')];
    const { kept, pruned } = prune(space(10_000, 768, { families }, { minimise: 'index_bytes' }));
    expect(kept).toEqual([families[0], families[3], families[4]]);
    expect(pruned.map(({ family }) => family)).toEqual([families[1], families[2]]);
    expect(pruned.map(({ why }) => why)).toEqual([
      { code: 'denser-on-as-many-pages', data: { spec: families[0]!.spec } },
      { code: 'denser-on-as-many-pages', data: { spec: families[3]!.spec } },
    ]);
    expect(prune(space(10_000, 768, { families })).kept).toEqual(families);
  });
});

describe('queries that cannot show a recall', () => {
  it('are refused, with a target that they can show where there is one', () => {
    const hintOf = (recall: number, queries: number): string | undefined => {
      try {
        checkQueries({ recall, confidence: 0.95 }, queries);
      } catch (error) {
        return error instanceof PgvtuneError ? error.hint : undefined;
      }
      return undefined;
    };
    expect(hintOf(0.999, 1000)).toBe(
      'Give more queries (measure.queries, --queries), or aim at a recall of 0.995 or less.',
    );
    expect(hintOf(1, 500)).toContain('0.99 or less');
    // What even the least recall needs is not there: to aim lower would not help.
    expect(hintOf(0.95, 40)).toBe('Give more queries (measure.queries, --queries).');
    expect(hintOf(0.95, 1000)).toBeUndefined();
  });
});
