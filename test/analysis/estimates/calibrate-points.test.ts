import { describe, expect, it } from 'vitest';
import { costPoints } from '../../../src/analysis/index.js';
import type { BuildRecord, PointRecord } from '../../../src/results/index.js';

const build = (method: string): BuildRecord =>
  ({
    key: method,
    request: { spec: { method, representation: 'vector', parameters: {} }, repeat: 0 },
  }) as unknown as BuildRecord;

const builds = new Map(['hnsw', 'none'].map((method) => [method, build(method)]));

interface Figures {
  readonly server?: number;
  readonly cacheState?: string;
  readonly purpose?: string;
  readonly knob?: number;
}

const point = (
  key: string,
  buffers: number,
  client: number,
  { server, cacheState, purpose = 'confirm', knob = 1 }: Figures = {},
) =>
  ({
    request: { build: key, settings: { knob }, workload: { kind: 'plain', k: 10 }, purpose },
    measured: {
      buffers: { mean: { value: buffers } },
      latencyMs: { quantiles: [{ p: 0.5, estimate: { value: client } }] },
      ...(server === undefined ? {} : { serverMs: { explain: { median: { value: server } } } }),
      ...(cacheState === undefined ? {} : { cacheState }),
    },
  }) as unknown as PointRecord;

describe('points to calibrate with', () => {
  it("are grouped by index kind, representation and cache state, and hold the server's own time", () => {
    const points = [
      point('hnsw', 500, 0.9, { server: 0.4, cacheState: 'warm' }),
      point('hnsw', 500, 0.9, { server: 4, cacheState: 'partial' }),
      point('none', 900, 30),
    ];
    expect(costPoints(points, builds)).toEqual([
      { group: 'hnsw, vector, warm', buffers: 500, latencyMs: 0.4 },
      { group: 'hnsw, vector, partial', buffers: 500, latencyMs: 4 },
      { group: 'exact scan, warm', buffers: 900, latencyMs: 30 },
    ]);
  });

  it('leave out void points, and of a setting that was looked at twice the search', () => {
    const lost = { ...point('hnsw', 1, 1), measured: null };
    const points = [point('hnsw', 500, 0.8), lost, point('hnsw', 501, 5, { purpose: 'search' })];
    expect(costPoints(points, builds)).toEqual([{ group: 'hnsw, vector, warm', buffers: 500, latencyMs: 0.8 }]);
  });
});
