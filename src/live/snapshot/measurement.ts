import { setTimeout } from 'node:timers/promises';
import { MEASUREMENT_SETTINGS, type MeasurementSnapshot, type SettingValue } from '../../audit/index.js';
import { PgvtuneError } from '../../errors.js';
import { unread } from '../../findings.js';
import { otherWorkBetween, ownProcesses, readMachine } from '../../measure/index.js';
import { readOnly, type Server, type Session, shareBackends } from '../../postgres/index.js';
import { parseBytes } from '../../units.js';
import { serverMachine } from './server-machine.js';

const DEADLINE_MS = 10_000;
/** Long enough for two processors to count a hundred ticks. */
const MACHINE_WINDOW_MS = 600;
const TOO_MANY_CONNECTIONS = '53300';

/**
 * Reads everything that could distort a measurement on a server that was opened as it is (`asIs`). Changes nothing.
 *
 * @throws {PgvtuneError} `server` when it cannot be reached or fails, `interrupted`
 */
export async function takeMeasurementSnapshot(server: Server): Promise<MeasurementSnapshot> {
  const session = await server.connect('check');
  try {
    const own = ownProcesses(session.backendPid) ?? [process.pid];
    const machineBefore = readMachine(own);
    const windowEnds = setTimeout(MACHINE_WINDOW_MS);
    const second = await tryTwoSessions(server, session);
    const [row, settings] = await readOnly(session, { deadlineMs: DEADLINE_MS }, async () => [
      await readServer(session),
      await readSettings(session),
    ]);
    const machine = await serverMachine(server, session.backendPid);
    const { roleLimit, databaseLimit } = row;
    await windowEnds;
    return {
      ...settingParts(settings),
      server: { label: server.label, nativeTimings: server.capabilities.nativeTimings },
      login: { role: row.role, database: row.database },
      postgresql: { version: row.version, number: row.number },
      extension: { installed: row.installed, available: row.available },
      pgvectorVersion: row.installed ?? unread('no-extension'),
      pgvectorSchema:
        row.schema === null ? unread('no-extension') : { name: row.schema, mayUse: row.mayUseSchema === true },
      standby: row.standby,
      mayCreateSchema: row.mayCreateSchema,
      secondConnection:
        second === 'not tried' ? unread('one-session') : { opened: second !== 'refused', roleLimit, databaseLimit },
      backendsShared:
        second === 'not tried'
          ? unread('one-session')
          : second === 'refused'
            ? unread('one-connection')
            : second.backendsShared,
      // Activity that is seen counts; that there is none can only be said by who sees everybody.
      otherActiveSessions:
        row.seesEverybody || row.otherActiveSessions > 0 ? row.otherActiveSessions : unread('sessions-hidden'),
      jitAvailable: row.jitAvailable,
      autoExplain: autoExplain(settings),
      memoryBytes: machine?.memoryBytes ?? unread('machine-not-visible'),
      sharedMemoryBytes: machine ? (machine.sharedMemoryBytes ?? unread('no-dev-shm')) : unread('machine-not-visible'),
      otherWork: otherWorkBetween(machineBefore, readMachine(own)) ?? unread('no-processor-times'),
    };
  } finally {
    await session.close();
  }
}

async function tryTwoSessions(
  server: Server,
  first: Session,
): Promise<'not tried' | 'refused' | { readonly backendsShared: boolean }> {
  if (server.capabilities.sessions < 2) return 'not tried';
  let second: Session;
  try {
    second = await server.connect('check');
  } catch (error) {
    if (error instanceof PgvtuneError && error.sqlstate === TOO_MANY_CONNECTIONS) return 'refused';
    throw error;
  }
  try {
    return { backendsShared: await shareBackends(first, second) };
  } finally {
    await second.close();
  }
}

interface ServerRow {
  readonly version: string;
  readonly number: number;
  readonly role: string;
  readonly database: string;
  readonly roleLimit: number;
  readonly databaseLimit: number;
  readonly standby: boolean;
  readonly mayCreateSchema: boolean;
  readonly installed: string | null;
  readonly schema: string | null;
  readonly mayUseSchema: boolean | null;
  readonly available: string | null;
  readonly jitAvailable: boolean;
  readonly seesEverybody: boolean;
  readonly otherActiveSessions: number;
}

async function readServer(session: Session): Promise<ServerRow> {
  const [row] = await session.query<ServerRow>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
            current_user::text AS role, current_database()::text AS database,
            (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS "roleLimit",
            (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS "databaseLimit",
            pg_is_in_recovery() AS standby,
            has_database_privilege(current_database(), 'CREATE') AS "mayCreateSchema",
            e.extversion AS installed, n.nspname::text AS schema, has_schema_privilege(n.oid, 'USAGE') AS "mayUseSchema",
            (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS available,
            pg_jit_available() AS "jitAvailable",
            pg_has_role('pg_read_all_stats', 'USAGE') AS "seesEverybody",
            (SELECT count(*)::int FROM pg_stat_activity
              WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()
                AND application_name NOT LIKE 'pgvtune/%') AS "otherActiveSessions"
       FROM (VALUES (1)) AS one
       LEFT JOIN pg_extension e ON e.extname = 'vector'
       LEFT JOIN pg_namespace n ON n.oid = e.extnamespace`,
  );
  return row!;
}

type Texts = ReadonlyMap<string, string>;

/** From `pg_settings`, which leaves out what was set for a library that is not loaded. */
async function readSettings(session: Session): Promise<Texts> {
  const rows = await session.query<{ name: string; value: string }>(
    `SELECT name, current_setting(name) AS value FROM pg_settings
      WHERE name = ANY($1) OR name LIKE 'auto\\_explain.%'`,
    [Object.keys(MEASUREMENT_SETTINGS)],
  );
  return new Map(rows.map(({ name, value }) => [name, value]));
}

const PARSE: { readonly [Kind in keyof SettingValue]: (text: string) => SettingValue[Kind] } = {
  boolean: (text) => text === 'on',
  number: Number,
  // Zero and -1 are shown without a unit.
  bytes: (text) => (/^-?\d+$/.test(text) ? Number(text) : parseBytes(text)),
  text: (text) => text,
};

type SettingParts = Pick<MeasurementSnapshot, keyof typeof MEASUREMENT_SETTINGS>;

const settingParts = (texts: Texts): SettingParts =>
  Object.fromEntries(
    Object.entries(MEASUREMENT_SETTINGS).map(([name, kind]) => {
      const text = texts.get(name);
      return [name, text === undefined ? unread('unknown-setting') : PARSE[kind](text)];
    }),
  ) as unknown as SettingParts;

function autoExplain(texts: Texts): MeasurementSnapshot['autoExplain'] {
  const logMinDuration = texts.get('auto_explain.log_min_duration');
  return logMinDuration === undefined
    ? null
    : { logMinDuration, logAnalyze: texts.get('auto_explain.log_analyze') === 'on' };
}
