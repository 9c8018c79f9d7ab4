import type { ManagedService, ServerFacts } from '../../../audit/index.js';
import type { Session } from '../../../postgres/index.js';

interface Row {
  readonly database: string;
  readonly role: string;
  readonly version: string;
  readonly number: number;
  readonly standby: boolean;
  readonly takenAt: Date;
  readonly startedAt: Date;
  readonly resetAt: Date | null;
  readonly seesSessions: boolean;
  readonly settings: readonly string[];
}

/** Settings and roles that only a managed service has. */
const SIGNS: readonly (readonly [ManagedService, RegExp])[] = [
  ['supabase', /^(?:supautils\.|supabase_admin$)/],
  ['neon', /^neon\./],
  ['rds', /^rds\./],
  ['cloud-sql', /^(?:cloudsql\.|cloudsqlsuperuser$)/],
  ['azure', /^(?:azure\.|azure_pg_admin$)/],
];

/** An 8-byte value is passed by value where a word is as long. */
export async function readWordBits(session: Session): Promise<32 | 64> {
  const [row] = await session.query<{ byValue: boolean }>(
    `SELECT typbyval AS "byValue" FROM pg_type WHERE oid = 'timestamptz'::regtype`,
  );
  return row!.byValue ? 64 : 32;
}

export async function readServer(
  session: Session,
  label: string,
): Promise<{ readonly facts: ServerFacts; readonly seesSessions: boolean }> {
  const [row] = await session.query<Row>(
    `SELECT current_database()::text AS database, current_user::text AS role,
            current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
            pg_is_in_recovery() AS standby, clock_timestamp() AS "takenAt", pg_postmaster_start_time() AS "startedAt",
            (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()) AS "resetAt",
            pg_has_role('pg_read_all_stats', 'USAGE') AS "seesSessions",
            ARRAY(SELECT name::text FROM pg_settings WHERE name ~ '^(rds|cloudsql|azure|neon|supautils)\\.'
                  UNION ALL
                  SELECT rolname::text FROM pg_roles
                   WHERE rolname IN ('supabase_admin', 'cloudsqlsuperuser', 'azure_pg_admin')) AS settings`,
  );
  const { settings, takenAt, startedAt, resetAt, seesSessions, ...rest } = row!;
  return {
    seesSessions,
    facts: {
      label,
      ...rest,
      takenAt: takenAt.toISOString(),
      startedAt: startedAt.toISOString(),
      statisticsResetAt: resetAt?.toISOString() ?? null,
      managedBy: SIGNS.find(([, sign]) => settings.some((name) => sign.test(name)))?.[0] ?? null,
    },
  };
}
