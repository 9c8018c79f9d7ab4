import type { Truth } from '../exact/index.js';
import type { QuerySet } from '../query-set.js';
import type { PreparationTime } from './preparation-time.js';

/** Before so much time nothing is said of how long it will take. */
const LOOK_SECONDS = 2;

/** Finds the exact neighbours of queries. */
type FindTruth = (
  queries: QuerySet,
  options: { readonly signal: AbortSignal; readonly onProgress: (rows: number) => void },
) => Promise<Truth>;

/**
 * The exact neighbours of the run's queries: of the first of them where those of all would take longer than there is time for, as
 * the first rows show.
 *
 * @param options.least queries that are needed in any case
 * @param options.rows of the dataset
 */
export async function truthInTime(
  find: FindTruth,
  queries: QuerySet,
  {
    time,
    least,
    rows,
    signal,
  }: {
    readonly time: PreparationTime | null;
    readonly least: number;
    readonly rows: number;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly truth: Truth; readonly queries: QuerySet }> {
  const of = async (some: QuerySet, onProgress: (rows: number) => void = () => undefined, until = signal) => ({
    truth: await find(some, { signal: until, onProgress }),
    queries: some,
  });
  if (time === null || queries.size <= least) return of(queries);
  if (time.kept) return of(queries.slice(0, time.kept.queries));

  const tooLong = new AbortController();
  const start = time.spentSeconds();
  let fitting = queries.size;
  const watch = (done: number): void => {
    const seconds = time.spentSeconds() - start;
    if (seconds < LOOK_SECONDS || done === 0 || fitting < queries.size) return;
    const expected = (seconds * rows) / done;
    if (time.hasTime(expected - seconds)) return;
    const left = Math.max(0, time.seconds - time.spentSeconds());
    fitting = Math.min(queries.size - 1, Math.max(least, Math.floor((queries.size * left) / expected)));
    tooLong.abort();
  };
  try {
    return await of(queries, watch, AbortSignal.any([signal, tooLong.signal]));
  } catch (error) {
    if (!tooLong.signal.aborted || signal.aborted) throw error;
    return of(queries.slice(0, fitting));
  }
}
