import { join } from 'node:path';
import { findKept, removeKept } from '../../../postgres/index.js';
import { keptServerOf, listRuns, noteKeptServer } from '../../../results/index.js';
import { printableLine } from '../../../printable.js';
import { documentText } from '../../document-text.js';
import type { Io } from '../../io.js';
import type { CommonOptions } from '../../options.js';
import { resultsFolder } from '../../place-of-run.js';

/** Removes the clusters that interrupted runs of this folder kept. One that runs now is not whole, and is left alone. */
export async function cleanKept(
  { json, dryRun }: CommonOptions & { readonly dryRun?: boolean },
  io: Io,
): Promise<void> {
  const results = resultsFolder(io.cwd);
  const kept: { readonly run: string; readonly folder: string }[] = [];
  for (const run of listRuns(results)) {
    const folder = keptServerOf(join(results, run));
    if (folder !== null && (await findKept(folder))) kept.push({ run, folder });
  }
  for (const { run, folder } of dryRun ? [] : kept) {
    await removeKept(folder);
    noteKeptServer(join(results, run), null);
  }
  if (json) io.stdout.write(documentText('clean', { removed: [], leftovers: [], clusters: kept }));
  else if (kept.length === 0) io.stdout.write('Nothing was left behind.\n');
  else
    for (const { run, folder } of kept)
      io.stdout.write(`${printableLine(run)}  ${printableLine(folder)}  ${dryRun ? 'can be removed' : 'removed'}\n`);
}
