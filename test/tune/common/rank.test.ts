import { expect, it } from 'vitest';
import { unmetTogether } from '../../../src/tune/common/rank.js';
import { buildRecord, builtIndex, measured, pointRecord } from '../../support/records.js';
import { targetFor } from '../../support/spaces.js';

it('the bounds of a target are about all indexes of a strategy together, though each alone would do', () => {
  const builds = [60, 70].map((bytes) => buildRecord({ index: builtIndex({ bytes }), seconds: bytes / 10 }));
  const point = { ...pointRecord(), measured: measured({}) };
  const target = targetFor({ indexBytes: 100, buildSeconds: 10 });
  expect(unmetTogether(builds, point, target)).toEqual([
    { code: 'index_size', data: { bytes: 130, bound: 100 } },
    { code: 'build_time', data: { seconds: 13, bound: 10 } },
  ]);
  for (const one of builds) expect(unmetTogether([one], point, target)).toEqual([]);
});
