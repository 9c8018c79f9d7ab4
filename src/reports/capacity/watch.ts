import type { BuildState, PhaseForecast, WatchedBuild, ExpectedSpill } from '../../capacity/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../units.js';

/** What is said of a build while it runs. Sentences; every name is as the server gave it. */
export interface BuildView extends WatchedBuild {
  readonly spill: ExpectedSpill | null;
}

/** One line: the phase, how far it is, how long it will take. */
export function buildProgressLine({ last, forecast }: BuildView): string {
  const share = forecast.share === null ? '' : ` ${formatPercent(forecast.share)}`;
  const rate = forecast.rowsPerSecond === null ? '' : `, ${formatCount(forecast.rowsPerSecond)} rows/s`;
  const left = leftText(forecast);
  return `${nameOf(last)}: ${last.phase}${share}${rate}${left === null ? '' : `, ${left}`}`;
}

const nameOf = ({ index, table, pid }: WatchedBuild['last']): string =>
  index ?? (table === null ? `pid ${pid}` : `an index on ${table}`);

function leftText({ leftMs }: PhaseForecast): string | null {
  if (leftMs === null) return null;
  const { value, low, high } = leftMs;
  const interval = low === null || high === null ? '' : ` [${formatMs(low)}, ${formatMs(high)}]`;
  return `${formatMs(value)} left${interval}`;
}

/** Everything there is to say of a build that runs, line by line. */
export function buildLines(build: BuildView): readonly string[] {
  const { last, state, forecast, phasesLeft, spill, watchedMs } = build;
  const what = [last.command, last.method, last.index ?? (last.table === null ? '' : `on ${last.table}`)];
  const partitions =
    last.partitions.total > 0 ? [`  partition        ${last.partitions.done + 1} of ${last.partitions.total}`] : [];
  const left = leftText(forecast);
  return [
    `${what.filter(Boolean).join(' ')} (pid ${last.pid}, running for ${formatMs(last.elapsedMs)}, watched for ${formatMs(watchedMs)})`,
    `  state            ${stateText(state)}`,
    `  phase            ${last.phase}${forecast.share === null ? ', which has no counter' : `, ${formatPercent(forecast.share)} done`}`,
    ...partitions,
    ...(last.tuples.done > 0
      ? [
          `  rows             ${formatCount(last.tuples.done)}${last.tuples.total > 0 ? ` of ${formatCount(last.tuples.total)}` : ''}${forecast.rowsPerSecond === null ? '' : `, ${formatCount(forecast.rowsPerSecond)} a second`}`,
        ]
      : []),
    ...(forecast.slowdown === null
      ? []
      : [
          `  pace             changed while watched: it is ${forecast.slowdown >= 1 ? `${forecast.slowdown.toFixed(1)} times slower` : `${(1 / forecast.slowdown).toFixed(1)} times faster`} than at first; only the time since the last change counts`,
        ]),
    ...(left === null
      ? []
      : [`  this phase       ${left}${forecast.leftMs?.low === null ? '' : ' (90 % prediction interval)'}`]),
    ...(spill === null ? [] : [`  memory           ${spillText(spill)}`]),
    ...(phasesLeft.length === 0 ? [] : [`  then             ${phasesLeft.join('; ')}`]),
  ];
}

/** The answer to “is it stuck?”. */
function stateText(state: BuildState): string {
  switch (state.code) {
    case 'progressing':
      return 'it progresses';
    case 'waiting': {
      const { blockerPid, blockerSeconds } = state.data;
      const since = blockerSeconds === null ? '' : `, whose transaction is ${formatMs(1000 * blockerSeconds)} old`;
      return `it waits for the transaction of pid ${blockerPid}${since}: it goes on when that ends`;
    }
    case 'working':
      return state.data.waitEvent === null
        ? 'it works, in a step without a counter'
        : `it works, in a step without a counter (now in ${state.data.waitEvent})`;
    case 'stalled':
      return `no counter moved for ${formatMs(1000 * state.data.seconds)}${state.data.waitEvent === null ? '' : `; it waits in ${state.data.waitEvent}`}`;
  }
}

function spillText({ row, rows, maintenanceWorkMemBytes, passed }: ExpectedSpill): string {
  const memory = `maintenance_work_mem = ${formatBytes(maintenanceWorkMemBytes)}`;
  const at = `row ${formatCount(row)} of ${formatCount(rows)}`;
  return passed
    ? `the graph outgrew ${memory} near ${at}; each row since is inserted on disk`
    : `under ${memory} the graph outgrows memory near ${at}: from there each row takes several times longer, which the estimate leaves out`;
}
