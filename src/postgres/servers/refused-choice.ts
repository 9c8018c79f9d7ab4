import { PgvtuneError } from '../../errors.js';

/** Ways to write a server that people know from elsewhere: what it is, and what to change. */
const FORMS: readonly { readonly form: RegExp; readonly what: string; readonly hint: string }[] = [
  { form: /^\s*["'`<]|["'`>]\s*$/, what: 'The server is in quotes.', hint: 'Drop the quotes around the URL.' },
  { form: /^\s|\s$/, what: 'There are spaces around the server.', hint: 'Drop the spaces around the URL.' },
  {
    form: /^jdbc:/i,
    what: 'The server is a JDBC URL.',
    hint: 'Drop "jdbc:", and write the user before the host: postgresql://user@host/database.',
  },
  ...['asyncpg', 'psycopg2', 'psycopg', 'pg8000', 'psycopg_async', 'aiopg'].map((driver) => ({
    form: new RegExp(String.raw`^postgres(?:ql)?\+${driver}:`, 'i'),
    what: 'The URL of the server names a Python driver.',
    hint: `Drop +${driver}: the URL begins with postgresql://.`,
  })),
  {
    form: /^postgres(?:ql)?\+/i,
    what: 'The URL of the server names a driver.',
    hint: 'Drop the + and what follows up to ://, so that the URL begins with postgresql://.',
  },
  {
    form: /^[a-z_]+\s*=/i,
    what: 'The server is given by keywords and values.',
    hint: 'Write it as a URL, postgres://user@host:5432/database, and the password into PGPASSWORD.',
  },
  {
    form: /^[a-z][a-z0-9+.-]*:\/\//i,
    what: 'The URL is not that of a PostgreSQL server.',
    hint: 'Name one that begins with postgres:// or postgresql://, or auto, embedded, local, container or env.',
  },
  {
    form: /[@/:]/,
    what: 'The URL of the server has no scheme.',
    hint: 'Put postgres:// in front of it: postgres://user@host/database.',
  },
];

/** Why a text names no server, and what to change. The text is not quoted: it may contain a password. */
export function refusedChoice(choice: string): PgvtuneError {
  const known = FORMS.find(({ form }) => form.test(choice));
  return new PgvtuneError('usage', known?.what ?? 'The server is none that pgvtune knows.', {
    hint: known?.hint ?? 'Name one of auto, embedded, local, container, env, or a URL postgres://user@host/database.',
  });
}

/** Whether a text that should be something else is, by its form, the URL of a database server. */
export const looksLikeServer = (text: string): boolean =>
  /^["'\s]*(?:jdbc:)?postgres(?:ql)?(?:\+[a-z0-9_]+)?:/i.test(text);
