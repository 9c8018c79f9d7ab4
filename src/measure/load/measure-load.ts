import {
  applySettings,
  type PlanNode,
  readSettings,
  type Session,
  type SessionTicket,
  type Settings,
} from '../../postgres/index.js';
import { type Arm, VoidPoint, type WantedScan } from '../arm.js';
import { type ArmLoss, isRefusal, refusalOf } from '../blocks.js';
import type { Clock } from '../clock.js';
import type { NullQuery } from '../floor.js';
import { createBarrier, openBarrier, waitAtBarrier } from './barrier.js';
import { type ClientOutcome, type ClientTask, runClient, type Window } from './client.js';
import { mergeErrors, mergeRequests, type Requests } from './requests.js';
import { runLoadProcess } from './run-process.js';
import type { LoadJob } from './threads.js';

/** Who puts the load on: the session at hand, alone, or threads of another process with a session of their own each. */
export type Clients =
  | { readonly session: Session }
  | { readonly ticket: SessionTicket; readonly count: number; readonly processes: boolean };

export interface LoadOptions {
  readonly arm: Arm;
  /** The clients go through queries 0 … queries − 1, again and again. */
  readonly queries: number;
  /** How the arm's plan reads the table. */
  readonly wanted: WantedScan;
  readonly clients: Clients;
  /** A query of the same shape that looks nothing up, to heat fresh threads with; null: they stay as they are. */
  readonly nullQuery: NullQuery | null;
  readonly warmUpMs: number;
  readonly window: Window;
  /** Aborted: the load ends at once. */
  readonly signal: AbortSignal;
}

/** What all clients did in one window, each with proof that it did what was asked. */
export interface LoadSamples extends Requests {
  readonly status: 'ok';
  readonly settings: Settings;
  readonly scan: PlanNode;
  /** How many times settings and plan were looked at, over all clients. */
  readonly checks: number;
  /** When the window began. */
  readonly beganAt: Date;
  /** Name of the clock that took the times, the same for all clients. */
  readonly clock: string;
  /** Requests that the server refused, by SQLSTATE. */
  readonly errors: Readonly<Record<string, number>>;
  /** Of each client. */
  readonly eventLoopUtilisation: readonly number[];
  readonly clientCpuMs: number;
  /** Null where it cannot be seen. */
  readonly serverCpuMs: number | null;
}

/**
 * Puts load on the index under test. It has to be the only one on the vectors: several sessions cannot hide the others
 * from each other as `withArm` does, because DROP INDEX locks everybody else out.
 *
 * @returns the samples; or why they prove nothing (`void`: settings or plan of one client were not those asked for,
 *   `failed`: the server refused a client)
 * @throws {PgvtuneError} when a connection broke or the run was interrupted
 */
export async function measureLoad(options: LoadOptions): Promise<LoadSamples | ArmLoss> {
  try {
    return toSamples(await runClients(options));
  } catch (error) {
    if (error instanceof VoidPoint) return { status: 'void', reason: error.reason };
    if (isRefusal(error)) return { status: 'failed', reason: refusalOf(error) };
    throw error;
  }
}

async function runClients({ arm, queries, wanted, clients, nullQuery, warmUpMs, window, signal }: LoadOptions) {
  const task: LoadJob['task'] = {
    statement: arm.statement,
    parameters: Array.from({ length: queries }, (_, query) => arm.parameters(query)),
    literals: arm.literals(0),
    settings: arm.settings,
    wanted,
    nullQuery,
    warmUpMs,
    window,
  };
  if ('session' in clients) return [await runHere(clients.session, task)];
  const { count, ...rest } = clients;
  const firstQueries = Array.from({ length: count }, (_, client) => Math.floor((client * queries) / count));
  return runLoadProcess({ task, firstQueries, ...rest }, signal);
}

/** Runs the one client on this thread, and gives the session back with the settings it had. */
async function runHere(session: Session, shared: LoadJob['task']): Promise<ClientOutcome> {
  const task: ClientTask = { ...shared, nullQuery: null, firstQuery: 0, barrier: createBarrier() };
  const before = await readSettings(session, Object.keys(task.settings));
  const begin = (): Promise<Clock> => {
    openBarrier(task.barrier);
    return waitAtBarrier(task.barrier);
  };
  try {
    return await runClient(session, task, { processes: false, begin, prepareBlocking: null });
  } finally {
    await applySettings(session, before, { lasting: true });
  }
}

function toSamples(outcomes: readonly ClientOutcome[]): LoadSamples {
  const [first] = outcomes;
  if (!first) throw new TypeError('A load takes at least one client.');
  const backends = outcomes.map(({ backendCpuMs }) => backendCpuMs);
  return {
    status: 'ok',
    ...mergeRequests(outcomes),
    settings: first.settings,
    scan: first.scan,
    checks: outcomes.reduce((sum, { checks }) => sum + checks, 0),
    beganAt: first.beganAt,
    clock: first.clock,
    errors: mergeErrors(outcomes),
    eventLoopUtilisation: outcomes.map(({ eventLoopUtilisation }) => eventLoopUtilisation),
    // Each saw the whole process; the one whose window was longest saw most.
    clientCpuMs: Math.max(...outcomes.map(({ processCpuMs }) => processCpuMs)),
    serverCpuMs: backends.reduce<number | null>((sum, ms) => (sum === null || ms === null ? null : sum + ms), 0),
  };
}
