import { canonicalJson } from '../../canonical-json.js';
import type { ThroughputRecord } from '../../results/index.js';

/** Processors of a server on another machine, which nobody sees: there is hardly one with fewer. */
const LEAST_CORES = 2;

/**
 * Whether more clients were answered less often, beyond the intervals, although the server has a processor for each of
 * them: no property of an index explains that.
 *
 * @param clients number of clients of the load `more`
 */
export function hasFallen(fewer: ThroughputRecord, more: ThroughputRecord, clients: number): boolean {
  if (!fewer.measured || !more.measured) return false;
  const { cores, server } = more.measured.cpu;
  if (clients > (server === null ? LEAST_CORES : cores)) return false;
  const least = fewer.measured.ratePerSecond.low;
  const most = more.measured.ratePerSecond.high;
  return least !== null && most !== null && most < least;
}

/** A closed loop that was measured once more, because throughput had fallen with more clients. */
export interface DisturbedLoad {
  readonly first: ThroughputRecord;
  readonly again: ThroughputRecord;
}

/** Of all loads of a run: those that count, and those that were measured once more and do not. */
export function sortOutLoads(records: readonly ThroughputRecord[]): {
  readonly counting: readonly ThroughputRecord[];
  readonly disturbed: readonly DisturbedLoad[];
} {
  const loadOf = ({ request: { build, settings, mode } }: ThroughputRecord): string =>
    canonicalJson([build, settings, mode.kind === 'closed' ? mode.concurrency : mode]);
  const repeats = new Map(
    records
      .filter(({ request: { mode }, measured }) => mode.kind === 'closed' && mode.repeat !== undefined && measured)
      .map((record) => [loadOf(record), record]),
  );
  const isFirst = (record: ThroughputRecord): boolean => {
    const again = repeats.get(loadOf(record));
    return again !== undefined && again.key !== record.key;
  };
  return {
    counting: records.filter((record) => !isFirst(record)),
    disturbed: records.filter(isFirst).map((first) => ({ first, again: repeats.get(loadOf(first))! })),
  };
}
