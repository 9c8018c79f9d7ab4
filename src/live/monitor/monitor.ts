import { setTimeout as delay } from 'node:timers/promises';
import type { PgvtuneError } from '../../errors.js';
import { BLINDNESS, type Blindness, blindnessOf, type MonitorView, type SeenServer } from '../../monitoring/index.js';
import { readOnly, type Server, type Session } from '../../postgres/index.js';
import { readStatementTexts } from '../snapshot/database/statements.js';
import { createLooker } from './look.js';
import { createProber, type ProbeOptions } from './probe.js';
import { createTally, type Tally } from './tally.js';

export interface MonitorOptions {
  /** Opens the server; called anew after each failure. */
  readonly open: () => Promise<Server>;
  readonly everyMs: number;
  /** What one statement may take. */
  readonly deadlineMs: number;
  /** Statements that are told apart. */
  readonly statements: number;
  readonly probes: ProbeOptions;
  readonly signal: AbortSignal;
  readonly onEvent: (event: MonitorEvent) => void;
}

/** What somebody who watches the program should know. */
export type MonitorEvent =
  | { readonly code: 'sees'; readonly server: string }
  | { readonly code: 'blind'; readonly reason: Blindness; readonly error: unknown }
  | { readonly code: 'probe-failed'; readonly table: string; readonly error: PgvtuneError };

export interface Monitor {
  readonly view: () => MonitorView;
  /** Settled when the signal was aborted and the connection is closed. */
  readonly done: Promise<void>;
}

const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** Looks that may be missed before what was seen is too old to be shown; a probe of the recall may run meanwhile. */
const MISSED_LOOKS = 3;
const LATE_MS = 60_000;

/**
 * Watches one server over one connection until the signal is aborted: looks at it at an interval, measures recall where that
 * was asked for, and connects again, ever less often, when it fails. Only reads.
 */
export function startMonitor(options: MonitorOptions): Monitor {
  const { everyMs, signal, onEvent } = options;
  const tally = createTally(options.statements);
  const prober = createProber(options.probes, (table, error) => onEvent({ code: 'probe-failed', table, error }));
  const failures = Object.fromEntries(BLINDNESS.map((reason) => [reason, 0])) as Record<Blindness, number>;
  let blind: Blindness | null = 'not-connected-yet';
  let [looks, connections] = [0, 0];
  let lastSuccessMs: number | null = null;
  let seen: SeenServer | null = null;

  /** Looks until something fails. */
  async function watch(server: Server, session: Session): Promise<never> {
    const look = createLooker(session, server.label, options.deadlineMs);
    for (;;) {
      const start = performance.now();
      const now = await addLook(await look(), session, tally, options);
      seen = { ...now, lookMs: performance.now() - start };
      if (blind !== null) onEvent({ code: 'sees', server: server.label });
      blind = null;
      looks++;
      lastSuccessMs = Date.now();
      await prober.probeIfDue(session);
      await delay(Math.max(0, everyMs - (performance.now() - start)), undefined, { signal });
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      const looksBefore = looks;
      let server: Server | undefined;
      let session: Session | undefined;
      try {
        server = await options.open();
        session = await server.connect('metrics', { deadlineMs: options.deadlineMs });
        connections++;
        await watch(server, session);
      } catch (error) {
        if (signal.aborted) break;
        const reason = blindnessOf(error, session !== undefined);
        failures[reason]++;
        if (blind !== reason) onEvent({ code: 'blind', reason, error });
        blind = reason;
        seen = null;
      } finally {
        await server?.stop().catch(() => undefined);
      }
      if (looks > looksBefore) attempt = 0;
      const wait = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** attempt);
      await delay(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  const isLate = (): boolean => lastSuccessMs !== null && Date.now() - lastSuccessMs > MISSED_LOOKS * everyMs + LATE_MS;

  return {
    view: () => ({
      blind: blind ?? (isLate() ? 'late' : null),
      lastSuccessMs,
      looks,
      failures,
      connections,
      seen: isLate() ? null : seen,
      probes: prober.probes(),
    }),
    done: run(),
  };
}

async function addLook(
  look: SeenServer['look'],
  session: Session,
  tally: Tally,
  { deadlineMs }: MonitorOptions,
): Promise<Omit<SeenServer, 'lookMs'>> {
  await tally.add(look, (ids) => readOnly(session, { deadlineMs }, () => readStatementTexts(session, ids)));
  return { look, ...tally.totals() };
}
