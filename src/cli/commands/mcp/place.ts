import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { PgvtuneError } from '../../../errors.js';
import { listRuns } from '../../../results/index.js';
import { resultsFolder } from '../../place-of-run.js';
import type { ToolPlace } from './tools.js';

/** A place for one call: what a command writes there is gone after it, and what is the user's stays as it is. */
export function openPlace(cwd: string): ToolPlace & { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'pgvtune-mcp-'));
  return {
    path,
    remove: () => rmSync(path, { recursive: true, force: true }),
    file(text) {
      const file = join(path, 'statement.sql');
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    },
    run(name) {
      checkRun(cwd, name);
      const copy = join(path, 'results', name);
      cpSync(join(resultsFolder(cwd), name), copy, { recursive: true });
      return copy;
    },
    folder(name) {
      const folder = resolve(cwd, name);
      const isInside = existsSync(folder) && isWithin(realpathSync(cwd), realpathSync(folder));
      if (isInside && statSync(folder).isDirectory()) return folder;
      throw new PgvtuneError('usage', 'There is no such folder in the working directory.', {
        hint: 'Name a folder inside of the directory that pgvtune mcp was started in.',
      });
    },
  };
}

function isWithin(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return !isAbsolute(way) && way.split(/[\\/]/)[0] !== '..';
}

/** @throws {PgvtuneError} `usage` */
export function checkRun(cwd: string, name: string): void {
  if (listRuns(resultsFolder(cwd)).includes(name)) return;
  throw new PgvtuneError('usage', 'There is no run of that name.', {
    hint: 'The resources list the runs of the working directory.',
  });
}
