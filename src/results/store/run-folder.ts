import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson, toChecksummedJson, verifyChecksum } from '../../checksummed-json.js';
import { PgvtuneError } from '../../errors.js';
import { readWhole } from './read-whole.js';
import { makeFolder, writeAtomically } from './durable-file.js';
import { openJournal, type Journal, readJournal } from './journal.js';
import { lockRun } from './run-lock.js';
import { type JournalRecord, manifestSchema, RECORD_VERSION, type RunManifest } from '../records/records.js';

/*
 * results/<run>/
 *   manifest.json    what the run rests on; written once, before any work
 *   journal.ndjson   every finished build and point
 *   lock.<n>         present while a process works on the run
 *   …                reports, rebuilt from the two files above
 */

const MANIFEST = 'manifest.json';
const JOURNAL = 'journal.ndjson';

/** Names of runs are names of folders, and part of the name of the scratch schema. */
const RUN_NAME = /^[a-z0-9][a-z0-9-]{0,47}$/;

/** A run that is being written. */
export interface OpenRun {
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly journal: Journal;
  close(): void;
}

/** A run as it lies on the disk. */
export interface RunFiles {
  readonly folder: string;
  readonly manifest: RunManifest;
  readonly records: readonly JournalRecord[];
}

/** Refuses a name that no new run can have. @throws {PgvtuneError} `usage` when it is taken or no name */
export function checkNewRun(root: string, run: string): void {
  if (!existsSync(runFolder(root, run))) return;
  throw new PgvtuneError('usage', `There is a run ${run} already.`, {
    hint: `Continue it with --resume ${run}, or choose another name.`,
  });
}

/** Starts a run in a folder of its own. @throws {PgvtuneError} `usage` when the name is taken or no name */
export function createRun(root: string, manifest: RunManifest): OpenRun {
  checkNewRun(root, manifest.run);
  const folder = runFolder(root, manifest.run);
  makeFolder(folder);
  writeAtomically(join(folder, MANIFEST), toChecksummedJson(manifestSchema.parse(manifest)));
  return openRun(folder, manifest);
}

/** Opens an existing run to go on with it. */
export function resumeRun(root: string, run: string): OpenRun {
  const { folder, manifest } = readManifest(root, run);
  return openRun(folder, manifest);
}

/** Reads a run without touching it, for reports. */
export function readRun(root: string, run: string): RunFiles {
  const { folder, manifest } = readManifest(root, run);
  const journal = join(folder, JOURNAL);
  return { folder, manifest, records: existsSync(journal) ? readJournal(journal) : [] };
}

/** Reads what a run rests on, without its records. */
export const readManifestOf = (root: string, run: string): RunManifest => readManifest(root, run).manifest;

/** Names of the runs under `root`, newest first. */
export function listRuns(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, MANIFEST)))
    .map((entry) => entry.name)
    .sort()
    .reverse();
}

/** What every version of a manifest has had. */
const versionSchema = z.object({ version: z.number(), pgvtune: z.string() });

function readManifest(root: string, run: string): { folder: string; manifest: RunManifest } {
  const folder = runFolder(root, run);
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) {
    const known = listRuns(root).slice(0, 5).join(', ');
    throw new PgvtuneError('usage', `There is no run ${run} under ${root}.`, {
      hint: known ? `The newest are ${known}.` : 'No run was made here yet.',
    });
  }
  const content = parseJson(readWhole(path).toString(), path);
  const written = versionSchema.safeParse(content).data;
  if (written && written.version !== RECORD_VERSION) {
    throw new PgvtuneError(
      'dataset',
      `${path} is of version ${written.version} of the records; this pgvtune reads version ${RECORD_VERSION}.`,
      { hint: `Read the run with pgvtune ${written.pgvtune}, or measure again.` },
    );
  }
  const parsed = manifestSchema.safeParse(verifyChecksum(content, path));
  if (!parsed.success) {
    throw new PgvtuneError('dataset', `${path} is not the manifest of a run.`, {
      hint: 'The file was damaged or edited. Restore it, or start a new run.',
      cause: parsed.error,
    });
  }
  return { folder, manifest: parsed.data };
}

function openRun(folder: string, manifest: RunManifest): OpenRun {
  const unlock = lockRun(folder);
  const journal = openLocked(join(folder, JOURNAL), unlock);
  return {
    folder,
    manifest,
    journal,
    close() {
      journal.close();
      unlock();
    },
  };
}

function openLocked(path: string, unlock: () => void): Journal {
  try {
    return openJournal(path);
  } catch (error) {
    unlock();
    throw error;
  }
}

function runFolder(root: string, run: string): string {
  if (!RUN_NAME.test(run)) {
    throw new PgvtuneError('usage', `"${run}" is not a name for a run.`, {
      hint: 'Use small letters, digits and hyphens, at most 48 of them.',
    });
  }
  return join(root, run);
}
