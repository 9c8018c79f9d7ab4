import { PgvtuneError } from '../../../errors.js';
import { printableLine } from '../../../printable.js';
import { type Format, type History, readHistory, type UnreadMigrations } from '../../../migrations/index.js';

/**
 * Reads the history in a folder.
 *
 * @throws {PgvtuneError} `usage` when it holds none that can be read, with what it holds instead
 */
export async function historyIn(folder: string, format: Format | 'auto' = 'auto'): Promise<History> {
  const found = await readHistory(folder, format);
  if (found.format !== null) return found;
  throw noMigrations(
    `${folder} holds no migrations${format === 'auto' ? '' : ` of the format ${format}`}`,
    found.otherTools,
  );
}

function noMigrations(none: string, unread: readonly UnreadMigrations[]): PgvtuneError {
  if (unread.length === 0) {
    return new PgvtuneError('usage', `${none}.`, {
      hint: 'Give the folder that holds the revisions (Alembic: versions/) or the files of SQL; --format names the tool.',
    });
  }
  const found = unread.map(({ tool, language, files: [first, ...more] }) => {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return `${1 + more.length} of ${tool} in ${language} (${printableLine(first!)}${others})`;
  });
  const ways = unread.map(({ tool, toSql: { code, command } }) =>
    code === 'each'
      ? `${tool}: print the SQL of each migration into a file (${command}), and give that folder.`
      : `${tool}: write the schema that they come to (${command}), and give that folder; the single migrations are then not judged.`,
  );
  return new PgvtuneError(
    'usage',
    `${none} in SQL or of Alembic. It holds migrations that are not read: ${found.join(', ')}.`,
    { hint: ways.join(' ') },
  );
}
