import { setTimeout as delay } from 'node:timers/promises';
import {
  type BuildSample,
  expectedSpill,
  type HnswBuildFacts,
  judgeBuild,
  type WatchedBuild,
  type ExpectedSpill,
} from '../../capacity/index.js';
import type { Session } from '../../postgres/index.js';
import { type BuildFilter, readBuilds, readBuiltIndex, readIndexOids } from './builds.js';
import { readHnswFacts } from './hnsw-facts.js';

/** A build with what is known of it now. */
export interface WatchedIndex extends WatchedBuild {
  /** Null where the graph fits, or where that cannot be told. */
  readonly spill: ExpectedSpill | null;
  /** Null while it runs. */
  readonly ended: {
    /** Whether a valid index is there; null in another database, which this session cannot see. */
    readonly valid: boolean | null;
    readonly index: string | null;
    readonly bytes: number | null;
  } | null;
}

/** All builds that were seen, in the order in which they began to be watched. */
export interface WatchReport {
  readonly builds: readonly WatchedIndex[];
  /** Builds of other roles: `pg_read_all_stats` shows them. */
  readonly hidden: number;
}

export interface WatchOptions extends BuildFilter {
  readonly session: Session;
  readonly everyMs: number;
  /** How long to watch at most; Infinity: until the last build has ended. */
  readonly forMs: number;
  /** Of the build's own session, where it is known; this session's own value otherwise. */
  readonly maintenanceWorkMemBytes?: number;
  readonly signal: AbortSignal;
  readonly onLook?: (report: WatchReport) => void;
}

/** Samples that are kept of a build: the pace of the last stretch needs no more. */
const KEPT = 2000;

interface Watched {
  samples: BuildSample[];
  facts: HnswBuildFacts | null;
  /** Indexes of the table when the build was first seen; null before its table is known. */
  before: readonly number[] | null;
  ended: WatchedIndex['ended'];
}

/**
 * Looks at the builds that run until they have ended, the time is over, or the signal is aborted. Only reads.
 *
 * @throws {PgvtuneError} `server`
 */
export async function watchBuilds(options: WatchOptions): Promise<WatchReport> {
  const { session, everyMs, forMs, signal, onLook, pid } = options;
  const watched = new Map<string, Watched>();
  let hidden = 0;
  const report = (): WatchReport => ({
    builds: [...watched.values()].map((build) => viewBuild(build, options.maintenanceWorkMemBytes)),
    hidden,
  });
  const until = performance.now() + forMs;
  for (;;) {
    const seen = await readBuilds(session, pid === undefined ? {} : { pid });
    hidden = seen.hidden;
    for (const sample of seen.builds) await add(watched, sample, options);
    const running = new Set(seen.builds.map((sample) => keyOf(sample)));
    for (const [key, build] of watched) {
      if (!running.has(key)) build.ended ??= await outcomeOf(session, build);
    }
    onLook?.(report());
    const left = until - performance.now();
    const isOver = [...watched.values()].every(({ ended }) => ended !== null);
    if (isOver || left <= 0 || signal.aborted) return report();
    await delay(Math.min(everyMs, left), undefined, { signal }).catch(() => undefined);
  }
}

const keyOf = ({ pid, indexOid }: BuildSample): string => `${pid} ${indexOid}`;

async function add(watched: Map<string, Watched>, sample: BuildSample, { session }: WatchOptions): Promise<void> {
  const known = watched.get(keyOf(sample)) ?? adopted(watched, sample);
  const build = known ?? { samples: [], facts: null, before: null, ended: null };
  if (known === undefined) watched.set(keyOf(sample), build);
  build.samples = [...build.samples.slice(1 - KEPT), sample];
  build.facts ??= await readHnswFacts(session, sample);
  if (sample.tableOid !== 0) build.before ??= await readIndexOids(session, sample);
}

/** A build that was seen while it waited for its table, or before its index had a number. */
function adopted(watched: Map<string, Watched>, sample: BuildSample): Watched | undefined {
  const before = keyOf({ ...sample, indexOid: 0 });
  const build = watched.get(before);
  if (build?.ended !== null || build.samples[0]?.transactionBegan !== sample.transactionBegan) return undefined;
  watched.delete(before);
  watched.set(keyOf(sample), build);
  return build;
}

const viewBuild = ({ samples, facts, ended }: Watched, memory: number | undefined): WatchedIndex => ({
  ...judgeBuild(samples),
  spill:
    facts &&
    expectedSpill({ ...facts, maintenanceWorkMemBytes: memory ?? facts.maintenanceWorkMemBytes }, samples.at(-1)!),
  ended,
});

/** Null while the transaction of the build goes on, which it may after the build. */
async function outcomeOf(session: Session, { samples, before }: Watched): Promise<WatchedIndex['ended']> {
  const { isOver, ...index } = await readBuiltIndex(session, samples.at(-1)!, before ?? []);
  return isOver ? index : null;
}
