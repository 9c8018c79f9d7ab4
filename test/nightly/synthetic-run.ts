import { encodeUint16, normalCdf } from '../../src/analysis/index.js';
import { createRandom } from '../../src/random.js';
import type { JournalRecord, RunFiles } from '../../src/results/index.js';
import { buildRecord, measured, pointRecord } from '../support/records.js';
import { manifest } from '../support/run-manifest.js';

/** What a made-up night is like. */
export interface Night {
  readonly run: string;
  readonly seed: number;
  readonly efSearch: readonly number[];
  readonly queries?: number;
  readonly builds?: number;
  /** Work of a query over that of the first night. */
  readonly workRatio?: number;
  /** Added to the probit of every query's recall. */
  readonly recallShift?: number;
}

const K = 10;

/**
 * A run over queries that are always the same, each as hard as it is, on graphs that are never the same: hits are drawn anew
 * for every build, and so is a little of its recall as a whole and of its work.
 */
export function syntheticRun(night: Night): RunFiles {
  const { run, seed, efSearch, queries = 1000, builds = 1, workRatio = 1, recallShift = 0 } = night;
  const hardness = createRandom('hardness');
  const hard = Array.from({ length: queries }, () => hardness.normal());
  const records = Array.from({ length: builds }, (_, repeat): readonly JournalRecord[] => {
    const random = createRandom(`${seed} ${repeat}`);
    const build = buildRecord({ request: { repeat } });
    const ofBuild = 0.008 * random.normal() + recallShift;
    const points = efSearch.map((ef) => {
      const height = 0.7 + 0.45 * Math.log2(ef / 10) + ofBuild;
      const hits = hard.map((one) => {
        const chance = normalCdf(height * 1.5 + one);
        return Array.from({ length: K }, () => (random.next() < chance ? 1 : 0)).reduce<number>(
          (sum, hit) => sum + hit,
          0,
        );
      });
      const recall = hits.reduce((sum, hit) => sum + hit, 0) / queries / K;
      const buffers = 12 * ef ** 0.8 * workRatio * Math.exp(0.008 * random.normal());
      const figures = measured({ recall, queries, buffers, medianMs: buffers / 100 });
      return pointRecord({
        request: { build: build.key, settings: { ef_search: ef }, queries },
        measured: {
          ...figures,
          samples: {
            ...figures.samples,
            hits: encodeUint16(hits),
            expected: encodeUint16(hits.map(() => K)),
            returned: encodeUint16(hits.map(() => K)),
          },
        },
      });
    });
    return [build, ...points];
  });
  return {
    folder: run,
    manifest: { ...manifest('local'), run, config: { seed: 1, k: K } },
    records: records.flat(),
  };
}
