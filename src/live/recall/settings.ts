import { PgvtuneError } from '../../errors.js';
import { indexKinds, kindOfIndex } from '../../indexes/index.js';
import { applySettings, loadLibrariesOf, readSettings, type Session, type Settings } from '../../postgres/index.js';
import type { LiveQuestion } from './question.js';

/** Settings that the run itself depends on. */
const RESERVED =
  /^(statement_timeout|lock_timeout|idle_|transaction_|default_transaction_|search_path$|role$|session_authorization$)/;

/**
 * A misspelt name of an extension's setting would be accepted by older servers, and change nothing.
 *
 * @throws {PgvtuneError} `usage`
 */
export async function refuseSettings(session: Session, settings: Settings): Promise<void> {
  const names = Object.keys(settings);
  const reserved = names.find((name) => RESERVED.test(name.toLowerCase()));
  if (reserved) {
    throw new PgvtuneError('usage', `${reserved} cannot be set here: the measurement depends on it.`, {
      hint: 'Set what the index is searched with, such as hnsw.ef_search.',
    });
  }
  const prefixes = prefixesOf(names);
  let unknown = await unknownSetting(session, names);
  if (unknown !== undefined && prefixes.length > 0) {
    await loadLibrariesOf(session, prefixes);
    unknown = await unknownSetting(session, names);
  }
  if (unknown === undefined) return;
  const knobs = indexKinds.flatMap((kind) => kind.knobs.map(({ guc }) => guc)).join(', ');
  throw new PgvtuneError('usage', `The server has no setting ${unknown}.`, {
    hint: `Indexes are searched with ${knobs}.`,
  });
}

/** The part before the dot of names that have one. */
const prefixesOf = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => /^(\w+)\./.exec(name.toLowerCase())?.[1] ?? []);

async function unknownSetting(session: Session, names: readonly string[]): Promise<string | undefined> {
  const known = await session.query<{ name: string }>(
    'SELECT lower(name) AS name FROM pg_settings WHERE lower(name) = ANY ($1::text[])',
    [names.map((name) => name.toLowerCase())],
  );
  return names.find((name) => !known.some((other) => other.name === name.toLowerCase()));
}

/** Numbers are printed in one form, whatever they were written like: 1.90 is 1.9. */
const isSame = (got: string | undefined, wanted: string | undefined): boolean =>
  got === wanted || (Boolean(got) && Boolean(wanted) && Number(got) === Number(wanted));

/** No such value (22…), not for this role (42501), or not while the server runs (55P02). */
const REFUSED = /^(22...|42501|55P02)$/;

/**
 * Sets what is wanted, and reads it back with everything else that decides how the index is searched.
 *
 * @throws {PgvtuneError} `usage` for a value that the server refuses, `server` for one that does not take
 */
export async function settingsInForce(
  session: Session,
  wanted: Settings,
  question: LiveQuestion | null,
): Promise<Settings> {
  const got = await applySettings(session, wanted).catch((error: unknown) => {
    const { sqlstate, cause } = error instanceof PgvtuneError ? error : {};
    if (sqlstate === undefined || !REFUSED.test(sqlstate)) throw error;
    const why = cause instanceof Error ? cause.message : String(error);
    throw new PgvtuneError('usage', `The server refuses a setting: ${why}.`, { sqlstate, cause: error });
  });
  // Settings with units read back otherwise than they were written; those of indexes have none.
  const gucs = new Set(indexKinds.flatMap((kind) => kind.knobs.map(({ guc }) => guc)));
  const stubborn = Object.keys(wanted).find((name) => gucs.has(name) && !isSame(got[name], wanted[name]));
  if (stubborn !== undefined) {
    throw new PgvtuneError(
      'server',
      `${stubborn} was set to ${wanted[stubborn]} and reads back as ${got[stubborn] ?? 'unknown'}.`,
      { hint: 'Connect to the server itself: something in between does not pass settings on.' },
    );
  }
  const [index] = question?.indexes ?? [];
  const own = (index && kindOfIndex(index)?.knobs.map(({ guc }) => guc)) ?? [];
  const known = await readSettings(session, own);
  if (own.some((guc) => known[guc] === undefined)) await loadLibrariesOf(session, prefixesOf(own));
  return readSettings(session, [...new Set([...Object.keys(wanted), ...own, 'work_mem'])]);
}
