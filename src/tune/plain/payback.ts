import type { BuildRecord, NotBuilt } from '../../results/index.js';
import type { IndexSpec, Target } from '../../vocabulary.js';
import { mostBuildSeconds } from '../common/build-seconds.js';
import type { Space } from './space.js';

/** Goals that a saving is a saving of time in; pages are counted for it. */
const OF_TIME: readonly Target['minimise'][] = ['p95', 'throughput', 'buffers'];

interface Prospect {
  readonly spec: IndexSpec;
  /** Share of the cost of a query that it is expected to save, in [0, 1]. */
  readonly saving: number;
  /** Median time of a query with the best index so far, milliseconds; null: none reaches the recall. */
  readonly medianMs: number | null;
}

/**
 * Whether an index is expected to save less time of the queries of one day than its build takes; null when it is not, or when
 * nothing is known of one of the two.
 *
 * @param known what was built so far
 */
export function doesNotPay(
  { target: { queriesPerDay, minimise }, rows }: Pick<Space, 'target' | 'rows'>,
  { spec, saving, medianMs }: Prospect,
  known: readonly BuildRecord[],
): NotBuilt | null {
  if (queriesPerDay === undefined || medianMs === null || !OF_TIME.includes(minimise)) return null;
  const buildSeconds = mostBuildSeconds({ spec, repeat: 0 }, known, rows);
  const savedSeconds = (saving * medianMs * queriesPerDay) / 1000;
  return buildSeconds === null || savedSeconds >= buildSeconds
    ? null
    : { code: 'does-not-pay', data: { queriesPerDay, savedSeconds, buildSeconds } };
}
