import { PgvtuneError } from '../../errors.js';
import { openSession } from '../connect.js';
import type { ConnectionTarget } from '../connection-url.js';
import type { Note } from '../../progress.js';
import { prepareSession } from '../prepare-session.js';
import type { Server } from '../server.js';
import { DEFAULT_DEADLINE_MS, type Session } from '../session.js';
import { toTicket } from '../ticket.js';

/** What a run tells the server it opens. */
export interface ServerContext {
  /** Id of the run; part of `application_name`. */
  readonly run: string;
  /** Aborted: statements are cancelled, and no new ones begun. */
  readonly signal: AbortSignal;
  /** Called with what is worth telling the user: which server was chosen, and why. */
  readonly note: (note: Note) => void;
  /**
   * Nothing will be written to an existing server, so that a standby and a role that may only read will do. Its
   * sessions' transactions are then read-only from the start.
   */
  readonly readOnly?: boolean;
  /**
   * The server is only looked at: an existing one is taken as it is, whatever it lacks, and its sessions are those that it
   * gives to anybody, without settings and without pgvector.
   */
  readonly asIs?: boolean;
  /** Folder of a private cluster that was kept, see {@link Server.keeping}: `local` starts it again if it is whole. */
  readonly kept?: string;
}

export interface ServeOptions extends Pick<Server, 'kind' | 'label' | 'disposable' | 'capabilities' | 'keeping'> {
  readonly target: ConnectionTarget;
  readonly context: ServerContext;
  /** See {@link ConnectOptions.cancellable}. */
  readonly cancellable?: boolean;
  /** Why the server is no more, if it ended by itself. */
  readonly ended?: () => PgvtuneError | undefined;
  /** Ends what runs behind the sessions; called after they are closed. */
  readonly stop?: () => Promise<void>;
}

/** The part that is the same for every kind of server: sessions are opened alike, counted, and closed at the end. */
export function serve(options: ServeOptions): Server {
  const { kind, label, disposable, capabilities, target, context } = options;
  const cancellable = options.cancellable ?? true;
  const nameOf = (purpose: string): string => `pgvtune/${context.run}/${purpose}`;
  const sessions = new Set<Session>();
  let opening = 0;
  let stopped: Promise<void> | undefined;

  async function connect(...[purpose, settings = {}]: Parameters<Server['connect']>): Promise<Session> {
    const { evenIfInterrupted = false, deadlineMs = DEFAULT_DEADLINE_MS } = settings;
    refuseIfStopped();
    if (sessions.size + opening >= capabilities.sessions) {
      throw new Error(
        `The server (${label}) takes ${capabilities.sessions} session at a time; close the other one first.`,
      );
    }
    opening++;
    try {
      const applicationName = nameOf(purpose);
      const session = await openSession({
        target,
        label,
        applicationName,
        signal: evenIfInterrupted ? undefined : context.signal,
        cancellable,
        deadlineMs,
        onClose: () => sessions.delete(session),
      });
      sessions.add(session);
      try {
        refuseIfStopped();
        if (context.asIs) return session;
        await prepareSession(session, applicationName);
        if (context.readOnly) await session.query(`SELECT set_config('default_transaction_read_only', 'on', false)`);
      } catch (error) {
        await session.close();
        throw error;
      }
      return session;
    } catch (error) {
      throw options.ended?.() ?? error;
    } finally {
      opening--;
    }
  }

  function refuseIfStopped(): void {
    if (stopped) throw new PgvtuneError('server', `The server (${label}) has been stopped.`);
  }

  function stop(): Promise<void> {
    stopped ??= (async () => {
      await Promise.all([...sessions].map((session) => session.close()));
      await options.stop?.();
    })();
    return stopped;
  }

  return {
    kind,
    label,
    disposable,
    capabilities,
    ...(options.keeping ? { keeping: options.keeping } : {}),
    connect,
    ticket: (purpose) => toTicket({ target, label, applicationName: nameOf(purpose), cancellable }),
    stop,
  };
}
