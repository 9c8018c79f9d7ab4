import { describe, expect, it } from 'vitest';
import { costPoints } from '../../../src/analysis/index.js';
import type { Measured, PointRecord } from '../../../src/results/index.js';
import { buildRecord, cacheJudgement, measured, pointRecord, tableScanned, voidPoint } from '../../support/records.js';

const builds = new Map(
  ['hnsw', 'none'].map((method) => [
    method,
    buildRecord({ request: { spec: { method, representation: 'vector', parameters: {} } } }),
  ]),
);

interface Figures {
  /** The server's own median, milliseconds. */
  readonly server?: number;
  readonly cache?: Measured['cache']['state'];
  readonly purpose?: PointRecord['request']['purpose'];
  readonly from?: number;
  readonly queries?: number;
}

function point(build: string, buffers: number, medianMs: number, figures: Figures = {}): PointRecord {
  const { server, cache, purpose = 'confirm', from, queries } = figures;
  const explain = { n: 50, median: { value: server ?? 0, low: null, high: null } };
  return pointRecord({
    request: {
      build,
      purpose,
      ...(from === undefined ? {} : { from }),
      ...(queries === undefined ? {} : { queries }),
    },
    measured: measured(
      { buffers, medianMs },
      {
        ...(server === undefined ? {} : { serverMs: { explain, statements: null } }),
        ...(cache === undefined ? {} : { cache: { ...cacheJudgement(), state: cache } }),
      },
    ),
  });
}

describe('points to calibrate with', () => {
  it("are grouped by index kind, representation and cache state, and hold the server's own time", () => {
    const points = [
      point('hnsw', 500, 0.9, { server: 0.4, cache: 'warm' }),
      point('hnsw', 500, 0.9, { server: 4, cache: 'partial' }),
      point('none', 900, 30),
    ];
    expect(costPoints(points, builds)).toEqual([
      { group: 'hnsw, vector, warm', buffers: 500, latencyMs: 0.4 },
      { group: 'hnsw, vector, partial', buffers: 500, latencyMs: 4 },
      { group: 'exact scan, warm', buffers: 900, latencyMs: 30 },
    ]);
  });

  it('are of every batch of queries, the one with most of them where a setting was not measured beside others', () => {
    const points = [
      point('hnsw', 500, 0.8, { purpose: 'search', queries: 300, from: 100 }),
      point('hnsw', 510, 0.9, { purpose: 'search', queries: 100 }),
      point('none', 900, 30),
    ];
    expect(costPoints(points, builds)).toEqual([
      { group: 'hnsw, vector, warm', buffers: 500, latencyMs: 0.8 },
      { group: 'exact scan, warm', buffers: 900, latencyMs: 30 },
    ]);
  });

  it('leave out void points, and of a setting that was looked at twice the search', () => {
    const lost = voidPoint(tableScanned, { request: { build: 'hnsw' } });
    const points = [point('hnsw', 500, 0.8), lost, point('hnsw', 501, 5, { purpose: 'search' })];
    expect(costPoints(points, builds)).toEqual([{ group: 'hnsw, vector, warm', buffers: 500, latencyMs: 0.8 }]);
  });
});
