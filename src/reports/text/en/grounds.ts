import { describeChoice } from '../../../indexes/index.js';
import type { Ground, WorkPair } from '../../../results/index.js';
import { formatBytes, formatExcess, formatMs } from '../../../units.js';
import { type Catalogue, textOf } from '../catalogue.js';
import { plural } from './plural.js';
import { reasons } from './reasons.js';
import { goals } from './target.js';

/** Why an answer is what it is. */
export const grounds: Catalogue<Ground> = {
  'no-plain-workload': () => 'The configuration has no plain workload.',
  'nothing-measured': ({ exactScan, reason }) =>
    [
      `No point can be trusted: the exact scan ${exactScan === null ? 'was not measured' : fateText(exactScan)}.`,
      ...(reason ? [textOf(reasons, reason)] : []),
    ].join(' '),
  'nothing-reaches': ({ recall, areBoundsAsked }) =>
    `No index that was tried is shown to reach a recall of ${recall}${areBoundsAsked ? ' within the other bounds' : ''}.`,
  'exact-scan-suffices': ({ buffers, k }) =>
    `The exact scan meets the target ${
      buffers === null
        ? 'by itself'
        : `with ${buffers.toFixed(0)} buffers per query, no more than any index would touch to return ${plural(k, { one: 'row', other: 'rows' })}`
    }: it finds every neighbour, and there is no index to build and maintain.`,
  'nothing-else-meets': () => 'No other index that was tried meets the target.',
  'runner-up-costs-more': ({ goal, ratio, medianMs }) =>
    `The runner-up's ${goals[goal]} is ${formatExcess(ratio)} higher (its median is ${formatMs(medianMs)}).`,
  'runner-up-costs-the-same': ({ goal, work }) =>
    `The runner-up's ${goals[goal]} is not distinguishable from it, and it takes ${workText(work)}.`,
  'lowest-seen': ({ spec, settings, work }) =>
    `The lowest was seen with ${describeChoice({ spec, settings })}; the difference is within the error, too, and it takes ${workText(work)}.`,
  'builds-differ': ({ builds, recallSd, low, wanted, reached }) =>
    `The recall of ${plural(builds, { one: 'build', other: 'builds' })} of the index has a standard deviation of ${(100 * recallSd).toFixed(2)} points; with that, another build is shown to reach ${low.toFixed(4)}${reached ? '' : `, not ${wanted}`}.`,
};

/** What became of a point without figures, as a predicate. */
export const fateText = (status: 'void' | 'failed'): string => (status === 'void' ? 'is void' : 'failed');

/** The work of one, against that of the other. */
export const workText = ({ of, one, other }: WorkPair): string =>
  of === 'buffers'
    ? `${one.toFixed(0)} buffers per query instead of ${other.toFixed(0)}`
    : `an index of ${formatBytes(one)} instead of ${formatBytes(other)}`;
