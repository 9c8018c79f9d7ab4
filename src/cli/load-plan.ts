import type { Config } from '../config/index.js';
import { EXIT, PgvtuneError } from '../errors.js';
import type { LoadPlan } from '../tune/index.js';
import type { SearchOutcome } from './run-search.js';

/** Clients that put load on an index when nobody says how many. */
const DEFAULT_CONCURRENCY = [1, 2, 4];

export interface LoadPlanOptions {
  /** Sessions that the server takes at once; undefined while it is not known. */
  readonly sessions: number | undefined;
  /** Measure throughput when the configuration does not mention it. */
  readonly unasked: boolean;
}

/**
 * The load that a configuration asks for. Where the server takes a single session, a load of one client is all there can
 * be, and it shows little more than the points do: it has to be asked for.
 *
 * @throws {PgvtuneError} `usage` when more clients are asked for than the server takes
 */
export function loadPlan({ measure, server }: Config, options: LoadPlanOptions): LoadPlan {
  const { sessions = server === 'embedded' ? 1 : Infinity, unasked } = options;
  const { concurrency, arrivals, rate = null, slo = null, seconds } = measure;
  const most = Math.max(0, ...(concurrency ?? []));
  if (most > sessions) {
    throw new PgvtuneError(
      'usage',
      `The server takes ${sessions} connection at a time; ${most} clients were asked for.`,
      {
        hint: 'Ask for fewer with --concurrency, or name another server with --server.',
      },
    );
  }
  return {
    concurrency: concurrency ?? (unasked && sessions > 1 ? DEFAULT_CONCURRENCY : []),
    connections: Math.min(sessions, most || Math.max(...DEFAULT_CONCURRENCY)),
    seconds,
    arrivals,
    ratePerSecond: rate,
    objective: slo,
  };
}

/** The exit code that the loads of a run come to. */
export function loadExit({ answer, files }: Pick<SearchOutcome, 'answer' | 'files'>): number {
  const verdicts = (answer.capacity ?? []).map(({ verdict }) => verdict);
  if (verdicts.includes('missed')) return EXIT.no;
  if (verdicts.some((verdict) => verdict !== 'held')) return EXIT.inconclusive;
  if (verdicts.length > 0) return EXIT.done;
  const undelivered = files.records.some(
    (record) => record.type === 'throughput' && record.request.mode.kind === 'open' && record.status === 'failed',
  );
  return undelivered ? EXIT.no : EXIT.done;
}
