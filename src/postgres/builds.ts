import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from './session.js';

/** How far a CREATE INDEX is, as `pg_stat_progress_create_index` tells it. */
export interface BuildProgress {
  readonly phase: string;
  /** Share of the heap's blocks read, 0 … 1, each partition counting alike. HNSW counts tuples without a total, so blocks are the measure. */
  readonly share: number;
}

const POLL_MS = 500;
/** A build that has finished waits for no longer. */
const POLL_DEADLINE_MS = 5_000;

/**
 * Runs CREATE INDEX with the given settings local to its transaction and returns the notices it raised.
 *
 * @param watcher a second session to watch the progress through, which ends when it fails; null where the server has none
 */
export async function createIndex(
  session: Session,
  watcher: Session | null,
  sql: string,
  onProgress: (progress: BuildProgress) => void,
): Promise<string[]> {
  session.takeNotices();
  const done = new AbortController();
  // A build is worth more than knowing how far it is: the watcher may be cut off, refused or too slow.
  const watching = watcher && watch(watcher, session.backendPid, onProgress, done.signal).catch(() => undefined);
  try {
    await session.query(sql, [], { deadlineMs: Infinity });
  } finally {
    done.abort();
    await watching;
  }
  return session.takeNotices();
}

async function watch(
  watcher: Session,
  pid: number,
  onProgress: (progress: BuildProgress) => void,
  done: AbortSignal,
): Promise<void> {
  while (!done.aborted) {
    const rows = await watcher.query<{ phase: string; share: number | null }>(
      `SELECT phase, (partitions_done + coalesce(blocks_done::float8 / nullif(blocks_total, 0), 0)) / greatest(partitions_total, 1) AS share
         FROM pg_stat_progress_create_index WHERE pid = $1`,
      [pid],
      { deadlineMs: POLL_DEADLINE_MS },
    );
    const row = rows[0];
    if (row) onProgress({ phase: row.phase.replace('building index: ', ''), share: row.share ?? 0 });
    await delay(POLL_MS, undefined, { signal: done }).catch(() => undefined);
  }
}
