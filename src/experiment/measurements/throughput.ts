import { availableParallelism } from 'node:os';
import {
  conditionFindings,
  encodeFloat32,
  estimateRate,
  nearestRank,
  summariseLoadLatency,
  summariseSchedule,
  throughputFindings,
  voidReason,
  whyUndelivered,
} from '../../analysis/index.js';
import {
  type ArmLoss,
  type Clients,
  type LoadSamples,
  measureLoad,
  nullQuery,
  prewarm,
  toConditions,
  type Window,
} from '../../measure/index.js';
import { encodeVector } from '../../postgres/index.js';
import { createRandom } from '../../random.js';
import {
  type BuildRecord,
  builtIndexes,
  type Conditions,
  type Journal,
  keyOf,
  type LoadMode,
  type Reason,
  type ScheduleKept,
  type ThroughputFigures,
  type ThroughputRecord,
  type ThroughputRequest,
} from '../../results/index.js';
import { arrivalTimes } from '../../workloads/index.js';
import { toArm, wantedScan } from '../points/arm.js';
import type { Bench } from './handler.js';

/** A fresh backend answers slowly until its caches are filled. */
const WARM_UP_MS = 500;
/** What queues when the window ends may still be served for this share of it; the rest is dropped. */
const GRACE = 0.1;

/** Puts the load that was asked for on a build, whose index is the only one on the vectors. */
export async function measureThroughput(context: Bench, request: ThroughputRequest): Promise<ThroughputRecord> {
  const { mode, workload } = request;
  if (workload.kind !== 'plain') throw new TypeError('Loads are measured of plain queries only.');
  const build = await context.indexes.require(request.build);
  const { table, watch } = await context.verifiedTable(await context.subsetTable(build.request.rows));
  refuseOthers(context.journal, build, table.indexes);
  const startedAt = context.now().toISOString();
  const window = windowOf(mode, createRandom(context.seed).fork(keyOf('throughput', request)));
  const clients = clientsFor(context, mode);
  if ('reason' in clients) return toRecord(request, clients, { startedAt, window, conditions: null });

  const queries = context.queries.slice(request.from ?? 0, request.queries);
  const arm = toArm({ ...context, table: table.name, queries }, request, build);
  const task = context.reporter.start(
    { code: 'measure-throughput', data: { spec: build.request.spec, load: mode } },
    1,
    'share',
  );
  try {
    const indexes = arm.indexes.map(table.quote);
    const { cacheTools } = context.instruments;
    await prewarm(context.session, cacheTools, { tables: [table.quote(table.name)], indexes });
    const observation = await watch.begin();
    const outcome = await measureLoad({
      arm,
      queries: queries.size,
      wanted: wantedScan(table.name, context.layout, build),
      clients,
      nullQuery: nullQuery(encodeVector(queries.vector(0)), workload.k),
      warmUpMs: WARM_UP_MS,
      window,
      signal: context.signal,
    });
    const conditions = toConditions(await observation.end(), 1);
    return toRecord(request, voidIfUntrusted(outcome, conditions), { startedAt, window, conditions });
  } finally {
    task.finish();
  }
}

/** Sessions under load cannot hide indexes from each other: DROP INDEX in one would lock the others out. */
function refuseOthers({ records }: Journal, build: BuildRecord, existing: readonly string[]): void {
  const built = new Set(
    records.flatMap((record) => (record.type === 'build' ? builtIndexes(record).map(({ name }) => name) : [])),
  );
  const others = existing.filter((name) => built.has(name) && name !== build.index?.name);
  if (others.length > 0) {
    throw new TypeError(`Release ${others.join(', ')} before the throughput of ${build.key} is asked for.`);
  }
}

function windowOf(mode: LoadMode, random: ReturnType<typeof createRandom>): Window {
  const endMs = mode.seconds * 1000;
  if (mode.kind === 'closed') return { kind: 'closed', endMs };
  return { kind: 'open', endMs, dropMs: endMs * (1 + GRACE), arrivalsMs: arrivalTimes({ ...mode, random }) };
}

const connectionsOf = (mode: LoadMode): number => (mode.kind === 'closed' ? mode.concurrency : mode.connections);

function clientsFor({ session, workspace, capabilities }: Bench, mode: LoadMode): Clients | ArmLoss {
  const count = connectionsOf(mode);
  const { sessions, processes } = capabilities;
  if (count > sessions) {
    return { status: 'failed', reason: { code: 'too-many-connections', data: { asked: count, allowed: sessions } } };
  }
  // The only session that such a server takes is in use: by the one who asks.
  return sessions === 1 ? { session } : { ticket: workspace.ticket('load'), count, processes };
}

/** A load under conditions that rule nothing out, or its loss. */
function voidIfUntrusted(outcome: LoadSamples | ArmLoss, conditions: Conditions): LoadSamples | ArmLoss {
  const reason = outcome.status === 'ok' ? voidReason(conditions) : null;
  return reason === null ? outcome : { status: 'void', reason };
}

interface LoadContext {
  readonly startedAt: string;
  readonly window: Window;
  /** Null for a load that never began. */
  readonly conditions: Conditions | null;
}

function toRecord(
  request: ThroughputRequest,
  outcome: LoadSamples | ArmLoss,
  { startedAt, window, conditions }: LoadContext,
): ThroughputRecord {
  const record = { type: 'throughput' as const, key: keyOf('throughput', request), request, startedAt, conditions };
  const without = (status: 'void' | 'failed', reason: Reason, schedule: ScheduleKept | null): ThroughputRecord => ({
    ...record,
    status,
    reason,
    schedule,
    measured: null,
    findings: [],
  });
  if (outcome.status !== 'ok') return without(outcome.status, outcome.reason, null);

  const refused = Object.values(outcome.errors).reduce((sum, times) => sum + times, 0);
  const schedule =
    window.kind === 'open' ? summariseSchedule(outcome, { due: window.arrivalsMs.length, refused }) : null;
  const { mode } = request;
  if (schedule && mode.kind === 'open') {
    const undelivered = whyUndelivered(outcome, { schedule, windowMs: window.endMs, ...mode });
    if (undelivered) return without('failed', undelivered, schedule);
  }
  if (outcome.endedMs.length === 0) {
    const sqlstates = Object.keys(outcome.errors);
    const why: Reason =
      refused > 0 ? { code: 'every-query-failed', data: { sqlstates } } : { code: 'no-query-due', data: {} };
    return without('failed', why, schedule);
  }
  const measured = toFigures(request, outcome, window);
  const findings = [
    ...throughputFindings({ ...measured, schedule, ownLagP99Ms: ownLag(outcome, window) }),
    ...(conditions ? conditionFindings(conditions) : []),
  ];
  return { ...record, status: 'ok', reason: null, schedule, measured, findings };
}

function toFigures({ queries }: ThroughputRequest, outcome: LoadSamples, window: Window): ThroughputFigures {
  const { dueMs, startedMs, endedMs, scan, serverCpuMs } = outcome;
  return {
    settingsReadBack: { ...outcome.settings },
    plan: {
      node: scan.type,
      index: scan.index,
      rowsRemovedByFilter: scan.rowsRemovedByFilter,
      startupCost: scan.startupCost,
      totalCost: scan.totalCost,
      checks: outcome.checks,
    },
    ratePerSecond: estimateRate(endedMs, window.endMs),
    latencyMs: summariseLoadLatency(outcome, { queries }),
    clock: outcome.clock,
    errors: { ...outcome.errors },
    eventLoopUtilisation: [...outcome.eventLoopUtilisation],
    cpu: {
      cores: availableParallelism(),
      client: outcome.clientCpuMs / window.endMs,
      server: serverCpuMs === null ? null : serverCpuMs / window.endMs,
    },
    samples: {
      startMs: encodeFloat32(startedMs),
      latencyMs: encodeFloat32(endedMs.map((ended, i) => ended - dueMs[i]!)),
      lagMs: window.kind === 'open' ? encodeFloat32(startedMs.map((started, i) => started - dueMs[i]!)) : '',
    },
  };
}

/** p99 of the lag of requests that found a connection free; null when there is no schedule, or they were all late. */
function ownLag({ dueMs, startedMs, late }: LoadSamples, window: Window): number | null {
  if (window.kind === 'closed') return null;
  const lags = startedMs.map((started, i) => started - dueMs[i]!).filter((_, i) => late[i] === 0);
  return lags.length === 0 ? null : nearestRank(lags.sort(), 0.99);
}
