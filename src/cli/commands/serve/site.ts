import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { PgvtuneError } from '../../../errors.js';
import { historyOf } from '../../../nightly/index.js';
import {
  hasPage,
  historyPage,
  type ListedRun,
  PAGE_FILE,
  reportPage,
  runsPage,
  viewRun,
} from '../../../reports/index.js';
import { listRuns, readRun, type RunFiles } from '../../../results/index.js';
import { type HttpAnswer, PLAIN_TEXT, plain } from '../../listen-http.js';

const HTML = 'text/html; charset=utf-8';
/** Reports that are sent as they lie in the folder of a run. A picture may have a style of its own, and nothing else. */
const TYPES: Readonly<Record<string, string>> = {
  '.md': PLAIN_TEXT,
  '.csv': PLAIN_TEXT,
  '.json': PLAIN_TEXT,
  '.sql': PLAIN_TEXT,
  '.svg': 'image/svg+xml',
};
const LOCKED = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/**
 * The pages of a folder of runs, read anew for every request. A path never becomes the path of a file: it is compared with
 * the names in the folder. Symbolic links are left out. The page of a run is made from its journal, not read.
 *
 * @param path of the URL, not decoded
 */
export function respondTo(folder: string, path: string): HttpAnswer {
  const parts = decoded(path);
  if (parts === null) return NOT_FOUND;
  const [first = '', run, file] = parts;
  if (parts.length === 1 && first === '')
    return page(
      runsPage(
        folder,
        listRuns(folder).map((name) => listed(folder, name)),
      ),
    );
  if (parts.length === 1 && first === 'history') return page(historyPage(folder, historyOf(readableRuns(folder))));
  if (parts.length !== 3 || first !== 'runs' || !listRuns(folder).includes(run!)) return NOT_FOUND;
  if (file === PAGE_FILE) return reportOf(folder, run!);
  if (!filesOf(join(folder, run!)).includes(file!)) return NOT_FOUND;
  return { status: 200, type: TYPES[extname(file!)]!, body: readFileSync(join(folder, run!, file!)), policy: LOCKED };
}

const NOT_FOUND = plain(404, 'There is no such page.');

const page = ({ html, policy }: { readonly html: string; readonly policy: string }): HttpAnswer => ({
  status: 200,
  type: HTML,
  body: html,
  policy,
});

function decoded(path: string): readonly string[] | null {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}

function reportOf(folder: string, name: string): HttpAnswer {
  const run = runOrMessage(folder, name);
  if (typeof run === 'string') return plain(404, run);
  const view = viewRun(run);
  if (!hasPage(view)) return NOT_FOUND;
  const html = reportPage(view);
  // The page says itself what it may do.
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)![1]!;
  return page({ html, policy: `${policy}; frame-ancestors 'none'` });
}

function listed(folder: string, name: string): ListedRun {
  const run = runOrMessage(folder, name);
  const files = filesOf(join(folder, name));
  if (typeof run === 'string') return { name, reports: files, unreadable: run };
  return { name, reports: [...(hasPage(viewRun(run)) ? [PAGE_FILE] : []), ...files], files: run };
}

const readableRuns = (folder: string): readonly RunFiles[] =>
  listRuns(folder).flatMap((name) => {
    const run = runOrMessage(folder, name);
    return typeof run === 'string' ? [] : [run];
  });

function runOrMessage(folder: string, name: string): RunFiles | string {
  try {
    return readRun(folder, name);
  } catch (error) {
    if (error instanceof PgvtuneError) return error.message;
    throw error;
  }
}

/** Names of the reports in the folder of a run. */
const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
    .map(({ name }) => name)
    .sort();
