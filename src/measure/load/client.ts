import { performance } from 'node:perf_hooks';
import {
  applySettings,
  explainPrepared,
  type Parameter,
  type PlanNode,
  readSettings,
  type Session,
  type Settings,
  type Statement,
  type ThreadSession,
} from '../../postgres/index.js';
import { checkSettings, scanOf, type WantedScan } from '../arm.js';
import { type Clock, monotonicClock } from '../clock.js';
import { readBackendCpu } from '../processes.js';
import { takeNext } from './barrier.js';
import type { NullQuery } from '../floor.js';
import { blockingLoop, closedLoop, type ClosedLoopOptions } from './closed-loop.js';
import { openLoop } from './open-loop.js';
import type { LoopSamples } from './requests.js';
import { sleepUntil } from './sleep.js';

/** When the requests of a window start; milliseconds from its beginning. */
export type Window =
  | { readonly kind: 'closed'; readonly endMs: number }
  | { readonly kind: 'open'; readonly endMs: number; readonly arrivalsMs: Float64Array; readonly dropMs: number };

/** What one client has to do: plain data, so that it can be posted to a thread. */
export interface ClientTask {
  readonly statement: Statement;
  /** Bound parameters, query by query. */
  readonly parameters: readonly (readonly Parameter[])[];
  /** Those of the first query as SQL text, for EXPLAIN EXECUTE. */
  readonly literals: readonly string[];
  /** Settings by their full names, as they must read back. */
  readonly settings: Settings;
  readonly wanted: WantedScan;
  /** Heats the code of a fresh thread, see {@link HEAT_QUERIES}; null where it is hot. */
  readonly nullQuery: NullQuery | null;
  readonly warmUpMs: number;
  readonly window: Window;
  /** The query that this client begins with in a closed loop: clients do not follow in each other's steps. */
  readonly firstQuery: number;
  /** See `createBarrier`. */
  readonly barrier: SharedArrayBuffer;
}

/** What one client did, and proof that it did what was asked. */
export interface ClientOutcome extends LoopSamples {
  readonly settings: Settings;
  /** The node of the plan that reads the table. */
  readonly scan: PlanNode;
  /** How many times settings and plan were looked at: before the window and after it. */
  readonly checks: number;
  /** When the window began. */
  readonly beganAt: Date;
  /** Name of the clock that took the times. */
  readonly clock: string;
  /** Share of the window in which the thread had something to do. */
  readonly eventLoopUtilisation: number;
  /** CPU time of this whole process in the window: of all its threads. */
  readonly processCpuMs: number;
  /** CPU time of this client's backend in the window; null where it cannot be seen. */
  readonly backendCpuMs: number | null;
}

/**
 * So many round trips it takes until the engine has compiled the client's code in a fresh thread. Before that a query
 * costs the client several times the processor time, which it takes from a server on the same machine.
 */
const HEAT_QUERIES = 4000;
/** Where round trips are so long that they do not fit into this, client and server share no processor. */
const MOST_HEAT_MS = 2000;

/** What a client needs beside its session and its task. */
export interface ClientHelp {
  /** The backends are processes of this machine. */
  readonly processes: boolean;
  /** Tells that this client is ready; returns the window's clock when the window begins. */
  readonly begin: () => Promise<Clock>;
  /** Of a session whose thread may sleep until it is answered; null: the thread has other things to do. */
  readonly prepareBlocking: ThreadSession['prepareBlocking'] | null;
}

/**
 * One connection under load: proves settings and plan, warms up, waits for the common beginning, sends its share of the
 * requests, and proves settings and plan again. The settings stay in force in the session.
 *
 * @throws {VoidPoint} when a setting did not take or another plan than the one under test serves the statement
 */
export async function runClient(
  session: Session,
  task: ClientTask,
  { processes, begin, ...help }: ClientHelp,
): Promise<ClientOutcome> {
  const { statement, parameters, window, barrier, firstQuery } = task;
  // In an open loop the thread has to look at its clock meanwhile.
  const prepareBlocking = window.kind === 'closed' ? help.prepareBlocking : null;
  const backendCpu = (): number | null => (processes ? readBackendCpu(session.backendPid) : null);

  if (task.nullQuery) {
    const { statement, values } = task.nullQuery;
    const heat = await openConnection(session, statement, [values], prepareBlocking);
    await heat.closedLoop({ clock: monotonicClock, endMs: monotonicClock.now() + MOST_HEAT_MS, most: HEAT_QUERIES }, 0);
  }
  await applySettings(session, task.settings, { lasting: true });
  const connection = await openConnection(session, statement, parameters, prepareBlocking);
  await connection.ask(firstQuery);
  await prove(session, task);
  const warmUpEnd = monotonicClock.now() + task.warmUpMs;
  await connection.closedLoop({ clock: monotonicClock, endMs: warmUpEnd }, firstQuery);

  const clock = await begin();
  const beganAt = new Date(Date.now() - clock.now());
  const before = { loop: performance.eventLoopUtilization(), cpu: process.cpuUsage(), backend: backendCpu() };
  const samples =
    window.kind === 'closed'
      ? await connection.closedLoop({ clock, endMs: window.endMs }, firstQuery)
      : await openLoop({
          ...window,
          clock,
          take: () => takeNext(barrier),
          sleepUntil: (ms) => sleepUntil(clock, ms),
          send: (query) => connection.ask(query),
        });
  const backend = backendCpu();
  const cpu = process.cpuUsage(before.cpu);
  const loop = performance.eventLoopUtilization(before.loop);

  return {
    ...samples,
    ...(await prove(session, task)),
    checks: 2,
    beganAt,
    clock: clock.name,
    eventLoopUtilisation: (loop.active - samples.blockedMs) / (loop.active + loop.idle),
    processCpuMs: (cpu.user + cpu.system) / 1000,
    backendCpuMs: before.backend === null || backend === null ? null : backend - before.backend,
  };
}

interface Connection {
  /** Asks a query by its number, modulo how many there are. */
  ask(query: number): Promise<unknown>;
  /** Asks one query after another from `first` on. */
  closedLoop(options: ClosedLoopOptions, first: number): Promise<LoopSamples>;
}

/** The ways to ask one statement. The thread itself waits for the answers in a closed loop where it may and can. */
async function openConnection(
  session: Session,
  statement: Statement,
  lists: readonly (readonly Parameter[])[],
  prepareBlocking: ClientHelp['prepareBlocking'],
): Promise<Connection> {
  const ask = (query: number): Promise<unknown> => session.execute(statement, lists[query % lists.length]!);
  const blocking = await prepareBlocking?.(statement, lists);
  if (!blocking) return { ask, closedLoop: (options, first) => closedLoop(options, (n) => ask(first + n)) };
  return {
    ask,
    async closedLoop(options, first) {
      const before = blocking.waitedMs();
      const samples = blocking.hold((execute) => blockingLoop(options, (n) => execute((first + n) % lists.length)));
      return { ...samples, blockedMs: blocking.waitedMs() - before };
    },
  };
}

/** Settings and plan as they are now. @throws {VoidPoint} */
async function prove(session: Session, task: ClientTask): Promise<Pick<ClientOutcome, 'settings' | 'scan'>> {
  const settings = await readSettings(session, Object.keys(task.settings));
  checkSettings(task.settings, settings);
  const plan = await explainPrepared(session, task.statement, task.literals, { analyze: false });
  return { settings, scan: scanOf(plan, task.wanted) };
}
