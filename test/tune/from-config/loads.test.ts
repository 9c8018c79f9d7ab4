import { describe, expect, it } from 'vitest';
import { checkLoads, loadPlan } from '../../../src/tune/from-config/loads.js';
import { type ConfigInput, resolveConfig } from '../../../src/config/index.js';
import { PgvtuneError } from '../../../src/errors.js';

const shape = { rows: 1000, dimensions: 4, metric: 'l2', queries: 100, recallQueries: 100 } as const;

const plan = (measure: ConfigInput['measure'], options: Partial<Parameters<typeof loadPlan>[1]> = {}) =>
  loadPlan(resolveConfig(null, { measure }), { sessions: Infinity, isAsked: true, ...options });

describe('the load that is planned', () => {
  it('is none where nobody asks, but for tune on a server of several sessions', () => {
    expect(plan({}).concurrency).toEqual([]);
    expect(plan({}, { isAsked: false }).concurrency).toEqual([1, 2, 4]);
    expect(plan({}, { isAsked: false, sessions: 1 }).concurrency).toEqual([]);
    expect(plan({ concurrency: [] }, { isAsked: false }).concurrency).toEqual([]);
  });

  it('is what the configuration says', () => {
    expect(plan({ concurrency: [8, 2], rate: 100, arrivals: 'constant', slo: 'p99<=50ms', seconds: 7 })).toEqual({
      concurrency: [8, 2],
      connections: 8,
      seconds: 7,
      arrivals: 'constant',
      ratePerSecond: 100,
      objective: { quantile: 0.99, ms: 50 },
    });
  });

  it('takes as many connections for an open loop as the server has, four at most unless more are named', () => {
    expect(plan({ rate: 100 })).toMatchObject({ connections: 4, arrivals: 'poisson' });
    expect(plan({ rate: 100 }, { sessions: 1 }).connections).toBe(1);
    expect(plan({ rate: 100, concurrency: [16] }).connections).toBe(16);
    expect(plan({ rate: 100, concurrency: [] }).connections).toBe(4);
  });

  it('is refused where the server cannot take it', () => {
    expect(() => plan({ concurrency: [1, 2] }, { sessions: 1 })).toThrow(PgvtuneError);
    expect(() => plan({ concurrency: [1, 2] }, { sessions: 1 })).toThrow(
      'The server takes 1 connection at a time; 2 clients were asked for.',
    );
    expect(plan({ concurrency: [1] }, { sessions: 1 }).concurrency).toEqual([1]);
  });

  it('is refused before a server is started, where that server is known to take one connection', () => {
    const config = (server: string) => resolveConfig(null, { server, measure: { concurrency: [1, 2] } });
    expect(() => checkLoads(config('embedded'), shape)).toThrow(PgvtuneError);
    expect(() => checkLoads(config('local'), shape)).not.toThrow();
    expect(() => checkLoads(config('local'), { ...shape, pgvector: '0.8.0', sessions: 1 })).toThrow(PgvtuneError);
    expect(() => checkLoads(config('local'), { ...shape, pgvector: '0.8.0', sessions: 2 })).not.toThrow();
  });
});
