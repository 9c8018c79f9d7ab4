import { describe, expect, it } from 'vitest';
import { encodeUint16 } from '../../../src/analysis/index.js';
import type { PointRecord } from '../../../src/results/index.js';
import { candidatesOf } from '../../../src/tune/plain/space.js';
import { strandedOf } from '../../../src/tune/plain/stranded.js';
import type { Settled } from '../../../src/tune/plain/settle.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { buildRecord, measured, pointRecord } from '../../support/records.js';

const QUERIES = 667;
const hnsw = (m: number): IndexSpec => ({
  method: 'hnsw',
  representation: 'vector',
  parameters: { m, ef_construction: 256 },
});
const IVFFLAT: IndexSpec = { method: 'ivfflat', representation: 'vector', parameters: { lists: 200 } };

/** Hits of ten: these queries find none, so many others lack one row. */
const hits = (none: readonly number[], short = 0): readonly number[] =>
  Array.from({ length: QUERIES }, (_, query) => (none.includes(query) ? 0 : query >= QUERIES - short ? 9 : 10));

function point(
  spec: IndexSpec,
  value: number,
  { of, buffers = 100 }: { of: readonly number[]; buffers?: number },
): PointRecord {
  const figures = measured({
    queries: of.length,
    buffers,
    recall: of.reduce((sum, hit) => sum + hit / 10, 0) / of.length,
  });
  return pointRecord({
    request: {
      build: buildRecord({ request: { spec } }).key,
      settings: spec.method === 'hnsw' ? { ef_search: value } : { probes: value },
      queries: of.length,
      purpose: 'search',
    },
    measured: { ...figures, samples: { ...figures.samples, hits: encodeUint16(of) } },
  });
}

function settled(spec: IndexSpec, shown: PointRecord | null, ...more: readonly PointRecord[]): Settled {
  const family = { spec, knobValues: null };
  return {
    explored: {
      family,
      build: buildRecord({ request: { spec } }),
      candidates: candidatesOf(family, 10),
      reached: null,
      givenUp: null,
      observations: [],
      lost: [],
      served: [],
    },
    point: shown,
    tried: shown ? [shown, ...more] : more,
  };
}

const evidence = (...all: readonly Settled[]) => ({
  settled: all,
  confirmed: [],
  explored: [],
  exact: { build: buildRecord(), points: [], sufficient: false },
});
const candidate = ({ explored: { build }, point: shown }: Settled) => ({
  build,
  point: shown!,
  measured: shown!.measured!,
});

describe('queries that find none of their neighbours', () => {
  const few = point(hnsw(16), 40, { of: hits([3, 100, 500], 20) });

  it('are named where they hold much of what is missing, with what a higher setting and another index find', () => {
    const own = settled(
      hnsw(16),
      few,
      point(hnsw(16), 100, { of: hits([3, 100], 10) }),
      point(hnsw(16), 235, { of: hits([3], 5), buffers: 500 }),
    );
    const denser = settled(hnsw(24), point(hnsw(24), 40, { of: hits([600], 30), buffers: 130 }));
    expect(strandedOf(evidence(denser, own), candidate(own))).toEqual({
      code: 'in-another-part-of-the-graph',
      data: {
        settings: { ef_search: 40 },
        stranded: 3,
        others: QUERIES - 3,
        share: expect.closeTo(3 / 5, 10),
        higher: { settings: { ef_search: 235 }, stranded: 1 },
        other: { spec: hnsw(24), settings: { ef_search: 40 }, stranded: 0, buffersRatio: 1.3 },
        duplicates: null,
      },
    });
  });

  it('are those of the index that comes nearest where none reaches the target', () => {
    const far = settled(hnsw(16), null, point(hnsw(16), 400, { of: hits([1, 2], 90) }));
    const near = settled(
      IVFFLAT,
      null,
      point(IVFFLAT, 20, { of: hits([1], 3) }),
      point(IVFFLAT, 10, { of: hits([1, 4], 3) }),
    );
    expect(strandedOf(evidence(far, near), undefined)).toMatchObject({
      code: 'in-lists-not-probed',
      data: { settings: { probes: 20 }, stranded: 1, higher: null, other: null },
    });
  });

  it('are not spoken of where others lack most of what is missing', () => {
    const own = settled(hnsw(16), point(hnsw(16), 40, { of: hits([3], 31) }));
    expect(strandedOf(evidence(own), candidate(own))).toBeNull();
    const complete = settled(hnsw(16), point(hnsw(16), 40, { of: hits([]) }));
    expect(strandedOf(evidence(complete), candidate(complete))).toBeNull();
    expect(strandedOf(evidence(), undefined)).toBeNull();
  });

  it('are not compared with a setting or an index that did not ask all of them', () => {
    const own = settled(hnsw(16), few, point(hnsw(16), 100, { of: hits([3]).slice(0, 400) }));
    const other = settled(hnsw(24), point(hnsw(24), 40, { of: hits([]).slice(0, 400) }));
    expect(strandedOf(evidence(own, other), candidate(own))).toMatchObject({ data: { higher: null, other: null } });
  });
});
