import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { listRuns } from '../../../results/index.js';
import { resultsFolder } from '../../place-of-run.js';
import type { RedactingIo } from '../../redacting-io.js';
import { visible } from './answer.js';
import { checkRun } from './place.js';

/** Files of a run that somebody may want to read. */
const TYPES: Readonly<Record<string, string>> = {
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.json': 'application/json',
};

/** The newest; older ones can be read by their names. */
const MOST_RUNS = 50;
const SCHEME = 'pgvtune://runs/';

export interface RunFile {
  readonly uri: string;
  readonly name: string;
  readonly mimeType: string;
}

/** Reports of the runs under results/. */
export const listRunFiles = (cwd: string): readonly RunFile[] =>
  listRuns(resultsFolder(cwd))
    .slice(0, MOST_RUNS)
    .flatMap((run) =>
      filesOf(cwd, run).map((file) => ({
        uri: `${SCHEME}${encodeURIComponent(run)}/${encodeURIComponent(file)}`,
        name: `${run}: ${file}`,
        mimeType: TYPES[extname(file)]!,
      })),
    );

/** @returns null where there is no such file */
export function readRunFile(
  { cwd, redacted }: RedactingIo,
  uri: string,
): { readonly mimeType: string; readonly text: string } | null {
  const [run, file, ...more] = uri.startsWith(SCHEME) ? uri.slice(SCHEME.length).split('/').map(decoded) : [];
  if (run === undefined || file === undefined || more.length > 0) return null;
  checkRun(cwd, run);
  if (!filesOf(cwd, run).includes(file)) return null;
  const text = readFileSync(join(resultsFolder(cwd), run, file), 'utf8');
  return { mimeType: TYPES[extname(file)]!, text: visible(redacted(text)) };
}

const filesOf = (cwd: string, run: string): readonly string[] =>
  readdirSync(join(resultsFolder(cwd), run), { withFileTypes: true })
    .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
    .map(({ name }) => name)
    .toSorted();

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
