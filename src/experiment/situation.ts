import type { ServerFacts, Server } from '../postgres/index.js';
import type { Situation } from '../workloads/index.js';
import type { Instruments } from './points/instruments.js';
import type { Preparation } from './prepare.js';

/** What a search knows of data and server. */
export const situationOf = (
  { shape, filters, hybrids }: Preparation,
  {
    facts: { pgvector, extensions, settings, versionNumber },
    sessions,
    coldBytes,
    begun,
  }: { readonly facts: Pick<ServerFacts, 'pgvector' | 'extensions' | 'settings' | 'versionNumber'> } & Pick<
    Situation,
    'sessions' | 'coldBytes' | 'begun'
  >,
): Situation => ({
  ...shape,
  pgvector,
  extensions,
  settings,
  versionNumber,
  sessions,
  coldBytes,
  ...(begun ? { begun } : {}),
  filtered: filters.map(({ workload, name, cell, run }) => ({
    workload,
    name,
    cell,
    filter: run.filter,
    join: run.join,
    returns: run.returns,
    question: { ...run.question, pgvector },
    measure: run.drawn.measure,
    shortfalls: run.drawn.shortfalls,
  })),
  hybrid: hybrids.map(({ workload, question, judgements, rerankScores, remarks }) => ({
    workload,
    question,
    judged: judgements && judgements.filter((grades) => [...grades.values()].some((grade) => grade > 0)).length,
    hasRerankScores: rerankScores !== null,
    remarks,
  })),
});

/** What is moved to another tablespace is copied each time; what is evicted is not. */
const MOST_MOVED_BYTES = 64 * 1024 ** 2;

/**
 * Unasked, caches are emptied only where they are nobody else's; and where times are not those of a native server, there
 * is nothing to learn from it.
 */
export function coldBytesOf({ capabilities, disposable }: Server, { cacheTools: { emptying } }: Instruments): number {
  if (!disposable || !capabilities.nativeTimings || emptying === null) return 0;
  return emptying.by === 'evict' ? Infinity : MOST_MOVED_BYTES;
}
