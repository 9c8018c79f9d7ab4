import type { Ground } from '../../../results/index.js';
import { formatCount, formatLow } from '../../../units.js';
import { type Catalogue, textOf } from '../catalogue.js';
import { comparisonText, upkeepText } from './cost-comparison.js';
import { bufferCount, plural } from './plural.js';
import { reasons } from './reasons.js';

/** Why an answer is what it is. */
export const grounds: Catalogue<Ground> = {
  'no-plain-workload': () => 'The configuration has no plain workload.',
  'nothing-measured': ({ exactScan, reason }) =>
    [
      `No measurement can be trusted: the exact scan ${exactScan === null ? 'was not measured' : fateText(exactScan)}.`,
      ...(reason ? [textOf(reasons, reason)] : []),
    ].join(' '),
  'nothing-reaches': ({ recall, areBoundsAsked }) =>
    `No index that was tried is shown to reach a recall of ${recall}${areBoundsAsked ? ' within the other bounds' : ''}.`,
  'exact-scan-suffices': ({ buffers, k }) =>
    `The exact scan meets the target ${
      buffers === null
        ? 'by itself'
        : `with ${bufferCount(buffers)} per query, no more than any index would touch to return ${plural(k, { one: 'row', other: 'rows' })}`
    }: it finds every neighbour, and there is no index to build and maintain.`,
  'nothing-else-meets': () => 'No other index that was tried meets the target.',
  'runner-up': ({ comparison }) =>
    `The runner-up was compared over the same queries: ${comparisonText(comparison)}; ${upkeepText(comparison)}.`,
  'default-preferred': () => "Among equivalent choices, pgvector's default build is recommended.",
  'builds-failed': ({ asked, failed, reason }) =>
    [
      `${failed === asked ? 'Each' : failed} of ${plural(asked, { one: 'further build', other: 'further builds' })} of the index failed${failed === asked ? ', so nothing is known of another build' : ''}.`,
      ...(reason ? [textOf(reasons, reason)] : []),
    ].join(' '),
  'builds-not-measured': ({ of, builds, reason }) =>
    [
      `${formatCount(builds)} of ${plural(of, { one: 'build', other: 'builds' })} of the index gave no figures at this setting.`,
      ...(reason ? [textOf(reasons, reason)] : []),
    ].join(' '),
  'builds-differ': ({ builds, recallSd, low, wanted, reached }) =>
    `The recall of ${plural(builds, { one: 'build', other: 'builds' })} of the index has a standard deviation of ${(100 * recallSd).toFixed(2)} points; allowing for that, any other build is shown to reach ${formatLow(low)}${reached ? '' : `, not ${wanted}`}.`,
};

/** What became of a point without figures, as a predicate. */
export const fateText = (status: 'void' | 'failed'): string => (status === 'void' ? 'is void' : 'failed');
