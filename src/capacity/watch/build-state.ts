import { type BuildSample, shareDone, WAITING_FOR_TABLE } from './build-sample.js';
import { forecastPhase, type PhaseForecast } from './forecast.js';

/** The answer to “is it stuck?”. */
export type BuildState =
  /** A counter moved while we looked. */
  | { readonly code: 'progressing'; readonly data: Readonly<Record<string, never>> }
  /** Another transaction has to end first. */
  | { readonly code: 'waiting'; readonly data: { readonly blockerPid: number; readonly blockerSeconds: number | null } }
  /** No counter moves in this phase, but the backend works. */
  | { readonly code: 'working'; readonly data: { readonly waitEvent: string | null } }
  /** No counter moved in a phase that has some, and the backend waits. */
  | { readonly code: 'stalled'; readonly data: { readonly seconds: number; readonly waitEvent: string | null } };

/** One build as it was watched. */
export interface WatchedBuild {
  readonly last: BuildSample;
  readonly watchedMs: number;
  readonly state: BuildState;
  readonly forecast: PhaseForecast;
  /** Phases that follow this one, as the server names them. */
  readonly phasesLeft: readonly string[];
}

/** @param samples of one build in the order of time, at least one */
export function judgeBuild(samples: readonly BuildSample[]): WatchedBuild {
  const [first, last] = [samples[0]!, samples.at(-1)!];
  return {
    last,
    watchedMs: last.atMs - first.atMs,
    state: stateOf(samples),
    forecast: forecastPhase(samples),
    phasesLeft: phasesAfter(last),
  };
}

function stateOf(samples: readonly BuildSample[]): BuildState {
  const last = samples.at(-1)!;
  const { blockerPid, blockerSeconds, type, event } = last.wait;
  if (blockerPid !== null) return { code: 'waiting', data: { blockerPid, blockerSeconds } };
  const since = samples.findLast((sample) => hasMoved(sample, last));
  if (since !== undefined) return { code: 'progressing', data: {} };
  const waitEvent = type === null ? null : `${type}/${event ?? ''}`;
  const isCounted = (shareDone(last) ?? 1) < 1;
  return isCounted && type !== null && samples.length > 1
    ? { code: 'stalled', data: { seconds: (last.atMs - samples[0]!.atMs) / 1000, waitEvent } }
    : { code: 'working', data: { waitEvent } };
}

const hasMoved = (before: BuildSample, now: BuildSample): boolean =>
  before.phase !== now.phase ||
  before.blocks.done !== now.blocks.done ||
  before.tuples.done !== now.tuples.done ||
  before.partitions.done !== now.partitions.done;

/** Source: PostgreSQL documentation, § 28.4.4, table “CREATE INDEX Phases”; pgvector `ivfbuild.c`, `hnswbuild.c`. */
const BEFORE = 'waiting for writers before build';
const VALIDATION = [
  'waiting for writers before validation',
  'index validation: scanning index',
  'index validation: sorting tuples',
  'index validation: scanning table',
  'waiting for old snapshots',
];
const SWAP = ['waiting for readers before marking dead', 'waiting for readers before dropping'];
const BUILDING: Readonly<Record<string, readonly string[]>> = {
  hnsw: ['loading tuples'],
  ivfflat: ['performing k-means', 'assigning tuples', 'loading tuples'],
};

function phasesAfter({ command, method, phase }: BuildSample): readonly string[] {
  const steps = BUILDING[method ?? '']?.map((step) => `building index: ${step}`);
  const building = steps ?? (phase.startsWith('building index') ? [phase] : ['building index']);
  const all = [
    WAITING_FOR_TABLE,
    'initializing',
    ...(command.includes('CONCURRENTLY') ? [BEFORE] : []),
    ...building,
    ...(command.includes('CONCURRENTLY') ? VALIDATION : []),
    ...(command === 'REINDEX CONCURRENTLY' ? SWAP : []),
  ];
  const at = all.indexOf(phase);
  return at < 0 ? all.slice(all.indexOf(building[0]!)) : all.slice(at + 1);
}
