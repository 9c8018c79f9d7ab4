import type { BoundName, Need, Ranking, Unmet } from '../../../results/index.js';
import { formatApart, formatBytes, formatLow, formatMs } from '../../../units.js';
import type { Target } from '../../../vocabulary.js';
import type { Catalogue } from '../catalogue.js';
import { plural } from './plural.js';

/** What is to be minimised. */
export const goals: Readonly<Record<Target['minimise'], string>> = {
  p95: 'p95 latency',
  throughput: 'mean time of a query on one connection',
  buffers: 'number of buffers per query',
  index_bytes: 'index size',
  build_seconds: 'build time',
};

/** What options are ranked by. */
export const rankings: Readonly<Record<Ranking, string>> = { ...goals, p50: 'median latency' };

/** Bounds of a target. */
export const bounds: Readonly<Record<BoundName, string>> = {
  recall: 'recall',
  p95: 'p95 latency',
  index_size: 'index size',
  build_memory: 'build memory',
  build_time: 'build time',
};

/** What of the target is not met. */
export const unmet: Catalogue<Unmet> = {
  recall: ({ value, low, wanted }) =>
    `recall ${value.toFixed(4)} (lower bound ${formatLow(low)}) is not shown to reach ${wanted}`,
  p95: ({ ms, needs, boundMs }) =>
    `p95 ${
      ms === null
        ? `unknown (${needs === null ? 'too few queries' : `needs ${plural(needs, { one: 'query', other: 'queries' })}`})`
        : formatMs(ms)
    } is not shown to stay within ${formatMs(boundMs)}`,
  index_size: ({ bytes, bound }) =>
    `the index takes ${formatApart(formatBytes, bytes, bound).join(', more than the allowed ')}`,
  build_time: ({ seconds, bound }) =>
    `the build took ${formatApart(formatMs, 1000 * seconds, 1000 * bound).join(', more than the allowed ')}`,
  other_builds_failed: ({ failed }) =>
    `the first build meets it, but ${plural(failed, { one: 'further build', other: 'further builds' })} failed`,
  any_build: () => 'the first build meets it, but builds differ too much',
};

/** What a bound would have to be. */
export const needs: Catalogue<Need> = {
  recall: ({ low, ofAnyBuild }) => `a recall of ${formatLow(low)}${ofAnyBuild ? ' of any build' : ''}`,
  p95: ({ ms }) => `a p95 of ${formatMs(ms)}`,
  index_size: ({ bytes, isPredicted }) =>
    `an index of ${formatBytes(bytes)}${isPredicted ? ', as predicted; it was not built, so its recall and latency are unknown' : ''}`,
  build_time: ({ seconds }) => `a build of ${formatMs(1000 * seconds)}`,
  build_memory: ({ bytes, keepsOffDisk }) =>
    `${formatBytes(bytes)} of maintenance_work_mem, as predicted${
      keepsOffDisk
        ? ', to keep the build off the disk; how long it then takes is unknown'
        : '; it was not built, so its recall and latency are unknown'
    }`,
};
