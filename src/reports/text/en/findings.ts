import type { CacheJudgement, RecordedFinding } from '../../../results/index.js';
import { formatApart, formatCount, formatMs, formatPercent } from '../../../units.js';
import type { Catalogue } from '../catalogue.js';
import { countRepeats } from '../repeats.js';
import { partOf, plural } from './plural.js';

/** What a reader must know beside the figures of a measurement. */
export const findings: Catalogue<RecordedFinding> = {
  'measured-again': ({ attempts }) =>
    `The server was interrupted; the measurement was repeated, and attempt ${attempts} counts.`,
  checkpoint: ({ checkpoints }) =>
    `${plural(checkpoints, { one: 'checkpoint', other: 'checkpoints' })} started during the measurement.`,
  vacuum: ({ runs }) =>
    `${plural(runs, { one: 'VACUUM or ANALYZE', other: 'VACUUMs or ANALYZEs' })} of the table finished during the measurement.`,
  autovacuum: ({ workers }) =>
    `Autovacuum was active during the measurement (${plural(workers, { one: 'worker', other: 'workers' })}).`,
  'other-sessions': ({ sessions }) =>
    `Up to ${plural(sessions, { one: 'other session', other: 'other sessions' })} ran statements during the measurement.`,
  'cpu-steal': ({ share }) => `${formatPercent(share)} of the CPU time went to other virtual machines (steal).`,
  swapping: ({ pages }) => `The machine swapped ${plural(pages, { one: 'page', other: 'pages' })}.`,
  'cpu-frequency': ({ beforeMhz, afterMhz }) =>
    `The CPU frequency changed from ${beforeMhz.toFixed(0)} to ${afterMhz.toFixed(0)} MHz.`,
  'busy-machine': ({ share, idleShare }) =>
    `The machine was busy: other programs used ${formatPercent(share)} of its CPU time, and ${formatPercent(idleShare)} was idle.`,
  'canary-moved': ({ roundTrip, cpu }) =>
    `The machine changed during the measurement: ${[
      ...(roundTrip
        ? [`an empty round trip took ${formatMs(roundTrip.beforeMs)} before and ${formatMs(roundTrip.afterMs)} after`]
        : []),
      ...(cpu ? [`a loop of arithmetic took ${formatMs(cpu.beforeMs)} before and ${formatMs(cpu.afterMs)} after`] : []),
    ].join(', ')}.`,

  'queries-in-base': ({ inBase, queries }) =>
    `${partOf(inBase, queries, { one: 'is a row', other: 'are rows' })} of the table: ${inBase === 1 ? 'it finds itself' : 'they find themselves'}, which inflates recall.`,
  duplicates: ({ share }) => `${formatPercent(share)} of the rows have the same vector as another row.`,
  ties: ({ share }) =>
    `For ${formatPercent(share)} of the queries several rows tie for the last place, so which of them comes back is arbitrary. Recall counts each of them as correct; strict recall does not.`,

  'short-answers': ({ share, meanCompleteness }) =>
    `${formatPercent(share)} of the queries returned fewer rows than exist; on average ${formatPercent(meanCompleteness)} of the rows came back.`,
  'client-floor': ({ floorMs, medianMs }) =>
    `${formatMs(floorMs)} of the median of ${formatMs(medianMs)} is round trip and client, not search.`,
  'floor-above-median': ({ floorMs, medianMs }) =>
    `The round trip without a search took ${formatApart(formatMs, floorMs, medianMs).join(', longer than the median query (')}): the machine was disturbed during one of them, so neither is reliable.`,
  'server-above-client': ({ serverMs, medianMs }) =>
    `The server's own median time, ${formatApart(formatMs, serverMs, medianMs).join(", exceeds the client's, ")}, of which it is a part: the machine was disturbed during one of them, so neither is reliable.`,
  'empty-truth': ({ queries }) =>
    `${plural(queries, { one: 'query has no exact answer and counts', other: 'queries have no exact answer and count' })} in no figure.`,
  'not-cached': (judgement) => `The caches were not as declared: ${cacheText(judgement)}.`,
  'not-steady': ({ blocks }) =>
    `Latency still had a trend after ${plural(blocks, { one: 'warm-up block', other: 'warm-up blocks' })}.`,
  'plan-cache-mode': ({ mode }) =>
    `plan_cache_mode is ${mode}, so prepared statements are not planned as they are by default.`,
  'generic-plan-differs': ({ generic, custom }) =>
    `Once the server switches to a generic plan, the prepared statement gets ${scansText(generic)} instead of ${scansText(custom)}.`,

  'built-again': ({ attempts }) =>
    `The index was built ${plural(attempts, { one: 'time', other: 'times' })}, because an earlier one was missing or had been replaced.`,
  'hnsw-build-spilled': ({ rows }) =>
    `The HNSW graph exceeded maintenance_work_mem after ${plural(rows, { one: 'row', other: 'rows' })}; the others were inserted on disk, which is several times slower.`,
  'ivfflat-little-data': () =>
    'The IVFFlat index was built on fewer rows than it has lists, so its centres are poor and recall is low. Build it again with the data in the table.',

  errors: ({ share, bySqlstate }) =>
    `${formatPercent(share)} of the queries failed (${Object.entries(bySqlstate)
      .map(([sqlstate, times]) => `SQLSTATE ${sqlstate}: ${formatCount(times)}`)
      .join(', ')}); they count in no other figure.`,
  'figure-refused': ({ figure }) => `The figure ${figure} was left out: it is outside its possible range.`,
  'client-bound': ({ busyShare }) =>
    `The client was the bottleneck: one of its threads was busy for ${formatPercent(busyShare, 0)} of the time.`,
  'client-late': ({ lagP99Ms, p99Ms }) =>
    `The client itself was late: its p99 lag was ${formatMs(lagP99Ms)}, of a p99 latency of ${formatMs(p99Ms)}.`,
  'shared-processors': ({ cores, clientShare }) =>
    `Client and server together used all ${plural(cores, { one: 'core', other: 'cores' })}, ${formatPercent(clientShare, 0)} of that by the client: the figures describe both together.`,
  late: ({ share }) =>
    `${formatPercent(share)} of the queries found no free connection when they were due; the wait is part of their latency.`,
};

/** The scans of a plan; one of many partitions has many alike. */
const scansText = (scans: string): string => countRepeats(scans.split(', ')).join(', ');

/** In which state the caches were, and how that was seen. */
export function cacheText({ state, declared, readShare, prewarmed, isRing }: CacheJudgement): string {
  const read = `${formatPercent(readShare)} of a query's buffers came from outside shared_buffers`;
  switch (state) {
    case 'cold':
      return `cold: table and index were evicted from shared_buffers before every timed query; ${read}`;
    case 'prewarmed':
      return `prewarmed by pg_prewarm; ${read}`;
    case 'warm':
      return `warm (by ${prewarmed ? 'pg_prewarm and queries' : 'queries alone'}); ${read}`;
    case 'partial':
      return declared === 'cold'
        ? 'declared cold, but nothing was read'
        : `declared ${declared}, but ${read}${
            isRing
              ? '; IVFFlat reads its lists through a ring buffer of 256 kB, so a query leaves at most 32 pages in the cache: only pg_prewarm warms it'
              : ''
          }`;
  }
}
