import type { Session } from './session.js';
import type { SessionTicket } from './ticket.js';

/** What the rest of the program may rely on. Ask for the capability, never for the kind of server. */
export interface Capabilities {
  /** How many sessions can be open at once with settings of their own; `Infinity` for a real server. */
  readonly sessions: number;
  /** COPY FROM STDIN works. */
  readonly copy: boolean;
  /** `pg_stat_progress_create_index` can be watched from a second session. */
  readonly progress: boolean;
  /** Timings are those of native code. False: every latency must say so. */
  readonly nativeTimings: boolean;
  /** The backends are processes of this machine, so that /proc can tell their CPU time. */
  readonly processes: boolean;
}

/** Where a server comes from; see ARCHITECTURE.md. `env` reads DATABASE_URL or PG*. Anything else is a connection URL. */
export type ServerKind = 'embedded' | 'local' | 'container' | 'url';

/** A running PostgreSQL with pgvector that this run may use. */
export interface Server {
  readonly kind: ServerKind;
  /** As printed next to latencies: `embedded (WebAssembly)`, `local`, `container`, or `host/database` without password. */
  readonly label: string;
  /** True when this run started the server for itself: nothing on it belongs to anybody else. */
  readonly disposable: boolean;
  readonly capabilities: Capabilities;
  /** A private cluster whose files can outlive it; absent on all other servers. */
  readonly keeping?: {
    readonly folder: string;
    /** Whether they are kept when the server ends, however this process does. At first they are not. */
    readonly keep: (keep: boolean) => void;
  };
  /**
   * Opens a session. `purpose` becomes part of `application_name`: `pgvtune/<run>/<purpose>`.
   * The library is loaded (so that `hnsw.*` and `ivfflat.*` exist), `search_path` is pinned, deadlines of the server
   * that would cut a measurement short (`statement_timeout`, `idle_in_transaction_session_timeout`) are off,
   * `lock_timeout` is 5 s and `client_connection_check_interval` 2 s where the server knows it.
   *
   * @param options.evenIfInterrupted the session goes on working after the run's signal was aborted: for clean-up
   * @param options.deadlineMs of statements that name none of their own; default 30 seconds
   */
  connect(
    purpose: string,
    options?: { readonly evenIfInterrupted?: boolean; readonly deadlineMs?: number },
  ): Promise<Session>;
  /**
   * What a thread of a client needs to open one session as {@link connect} does, with {@link openTicket}. The server does not
   * know of that session: whoever hands out a ticket sees to it that the thread ends before the server is stopped.
   */
  ticket(purpose: string): SessionTicket;
  /** Closes every session that is still open; a server that this run started is stopped and its files removed. */
  stop(): Promise<void>;
}
