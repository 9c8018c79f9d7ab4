import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PgvtuneError } from '../errors.js';
import type { FileProblem, Format, History, NoHistory } from './history.js';
import { alembic } from './layouts/alembic.js';
import type { Layout } from './layouts/layout.js';
import { mayBeOther, unreadMigrations } from './layouts/other-tools.js';
import { SQL_LAYOUTS } from './layouts/sql-layouts.js';
import { loadPythonParser } from './python/source.js';
import { blankMergeMarkers, decode, type SourceFile } from './source-file.js';
import { loadGrammar } from '../statements/index.js';

const LAYOUTS: readonly Layout[] = [alembic, ...SQL_LAYOUTS];

/**
 * Reads a history of migrations from a folder. Nothing of it is executed.
 *
 * @param format the tool that wrote it; `auto` looks at names and contents of the files
 * @throws {PgvtuneError} `usage` when the folder cannot be read
 */
export async function readHistory(folder: string, format: Format | 'auto' = 'auto'): Promise<History | NoHistory> {
  const problems: FileProblem[] = [];
  const { files, others } = sourceFiles(folder, problems);
  const layout = LAYOUTS.find((one) => (format === 'auto' ? one.matches(files) : one.format === format));
  await Promise.all([loadGrammar(), loadPythonParser()]);
  const all = [...files, ...others];
  const revisions = layout?.read(all, problems) ?? [];
  const read = new Set(revisions.map(({ file }) => file));
  const unread = unreadMigrations(all.filter(({ path }) => !read.has(path)));
  if (!layout || revisions.length === 0) return { format: null, otherTools: unread };
  return { format: layout.format, revisions, problems, otherTools: unread, lockTimeout: lockTimeoutOf(files) };
}

/** Folders below the one given that are looked into. */
const MAX_DEPTH = 8;
const IGNORED = new Set(['node_modules', '__pycache__', 'venv', 'site-packages', 'dist', 'target']);
/** Files in other languages: so many are looked at, to tell whose migrations they are. */
const MOST_OTHERS = 2000;
const WANTED = /\.(py|sql)$|(^|\/)(_journal\.json|config\.toml|migration_lock\.toml)$/i;
/** Larger files are dumps, not migrations. */
const MAX_BYTES = 20_000_000;

/** @returns the files of the readers, and those that may be migrations of other tools */
function sourceFiles(
  folder: string,
  problems: FileProblem[],
): { readonly files: readonly SourceFile[]; readonly others: readonly SourceFile[] } {
  const found: SourceFile[] = [];
  const others: SourceFile[] = [];
  const walk = (path: string, depth: number): void => {
    for (const entry of entriesOf(join(folder, path), path === '').toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const own = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH && !IGNORED.has(entry.name) && !entry.name.startsWith('.')) walk(own, depth + 1);
      } else if (WANTED.test(own)) read(own);
      else if (mayBeOther(own) && others.length < MOST_OTHERS) {
        const bytes = bytesOf(join(folder, own));
        if (bytes) others.push({ path: own, text: decode(bytes).text });
      }
    }
  };
  const read = (path: string): void => {
    const bytes = bytesOf(join(folder, path));
    if (!bytes) {
      problems.push({ code: 'unreadable', place: { file: path, line: 1 } });
      return;
    }
    const decoded = decode(bytes);
    if (!decoded.isUtf8) problems.push({ code: 'not-utf8', place: { file: path, line: 1 } });
    if (decoded.hasNul) problems.push({ code: 'nul-bytes', place: { file: path, line: 1 } });
    const { text, line } = blankMergeMarkers(decoded.text);
    if (line !== null) problems.push({ code: 'merge-markers', place: { file: path, line } });
    found.push({ path, text });
  };
  walk('', 0);
  return { files: found, others };
}

function entriesOf(folder: string, isRoot: boolean): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (!isRoot) return [];
    throw new PgvtuneError('usage', `The folder ${folder} cannot be read.`, {
      hint: 'Give the folder of the migrations, such as alembic/versions.',
      cause: error,
    });
  }
}

function bytesOf(path: string): Uint8Array | null {
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_BYTES ? null : bytes;
  } catch {
    return null;
  }
}

/** `lock_timeout` that Alembic's env.py sets, as written. */
function lockTimeoutOf(files: readonly SourceFile[]): string | null {
  const env = files.find(({ path }) => /(^|\/)env\.py$/.test(path));
  const [, value] = /lock_timeout["']?\s*(?:=|:|to|,)\s*\\?["']?(\d+\s*(?:ms|s|min)?)/i.exec(env?.text ?? '') ?? [];
  return value ?? null;
}
