import type { Config } from '../config/index.js';
import { EXIT } from '../errors.js';
import type { LoadPlan } from '../tune/index.js';
import type { SearchOutcome } from './run-search.js';

/** What `tune` measures its recommendation with when nobody says. */
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
 */
export function loadPlan({ measure }: Config, { sessions = 1, unasked }: LoadPlanOptions): LoadPlan {
  const { concurrency, rate = null, slo = null, seconds } = measure;
  const byDefault = unasked && sessions > 1 ? DEFAULT_CONCURRENCY : [];
  const possible = (concurrency ?? byDefault).filter((clients) => clients <= sessions);
  const connections = Math.min(sessions, Math.max(...(concurrency?.length ? concurrency : DEFAULT_CONCURRENCY)));
  return { concurrency: possible, connections, seconds, ratePerSecond: rate, objective: slo };
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
