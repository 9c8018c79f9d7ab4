import type { Clock } from '../measure/index.js';
import type { JournalRecord } from '../results/index.js';

/**
 * How long a run has taken: what its journal says of former attempts, and the time since this one began.
 *
 * @param startMs when this attempt began, by the clock
 * @returns seconds
 */
export function stopwatch(
  journal: { readonly records: readonly JournalRecord[] },
  clock: Clock,
  startMs = clock.now(),
): () => number {
  const before = journal.records.reduce(
    (most, record) => Math.max(most, 'spentSeconds' in record ? (record.spentSeconds ?? 0) : 0),
    0,
  );
  return () => before + (clock.now() - startMs) / 1000;
}
