import type { Session } from './session.js';

/** Setting names and their values, both as text. */
export type Settings = Readonly<Record<string, string>>;

/**
 * Sets settings for the current transaction only, or with `lasting` for the session, and reads every one back.
 *
 * `SET` takes no bound parameters and a session-wide `SET` outlives its purpose behind a pooler; `set_config(…, true)`
 * has neither fault. The caller compares what it asked for with what it got: a setting can silently not apply (a name
 * misspelt, or given before the library that owns it was loaded).
 *
 * @returns what `current_setting` says afterwards
 * @throws {PgvtuneError} `server` when PostgreSQL refuses a value
 */
export async function applySettings(
  session: Session,
  settings: Settings,
  { lasting = false }: { readonly lasting?: boolean } = {},
): Promise<Settings> {
  const names = Object.keys(settings);
  if (names.length === 0) return {};
  const sets = names.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, ${!lasting})`);
  await session.query(
    `SELECT ${sets.join(', ')}`,
    names.flatMap((name) => [name, settings[name] ?? '']),
  );
  return readSettings(session, names);
}

/** The present values of the named settings; a name that the server does not know is left out. */
export async function readSettings(session: Session, names: readonly string[]): Promise<Settings> {
  const rows = await session.query<{ name: string; value: string | null }>(
    'SELECT name, current_setting(name, true) AS value FROM unnest($1::text[]) AS name',
    [names],
  );
  return Object.fromEntries(rows.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])));
}
