import { z } from 'zod';
import { canonicalJson } from '../../canonical-json.js';
import type { BuildRecord } from '../records/build.js';
import type { KindName, RecordOf } from '../records/kinds.js';
import type { PointRecord } from '../records/point.js';
import type { JournalRecord, RunManifest } from '../records/records.js';
import { listRuns, readManifestOf, readRun } from './run-folder.js';

/** What other runs measured under the same circumstances. Each record says which run it comes from. */
export interface EarlierRuns {
  record<K extends KindName>(kind: K, key: string): RecordOf<K> | undefined;
}

/** A run that learns nothing from others. */
export const noEarlierRuns: EarlierRuns = { record: () => undefined };

/**
 * Reads the runs under `root` that rest on the same as this one: dataset, metric, layout and seed (which rows are a subset, and
 * the order of the queries), server with version and settings, machine, and version of pgvtune. Of equal questions the
 * newest answer counts. Only indexes that were built and points that are `ok` are of use; runs that cannot be read are
 * passed over.
 */
export function readEarlierRuns(root: string, manifest: RunManifest): EarlierRuns {
  const groundOfThis = groundOf(manifest);
  const known = new Map<string, BuildRecord | PointRecord>();
  for (const run of listRuns(root).toReversed()) {
    if (run === manifest.run) continue;
    for (const record of recordsOnGround(root, run, groundOfThis)) {
      const isOfUse =
        (record.type === 'build' && record.status === 'ok' && record.index !== null) ||
        (record.type === 'point' && record.status === 'ok');
      if (isOfUse) known.set(`${record.type} ${record.key}`, { ...record, fromRun: record.fromRun ?? run });
    }
  }
  return {
    record: <K extends KindName>(kind: K, key: string) => known.get(`${kind} ${key}`) as RecordOf<K> | undefined,
  };
}

function recordsOnGround(root: string, run: string, ground: string): readonly JournalRecord[] {
  try {
    return groundOf(readManifestOf(root, run)) === ground ? readRun(root, run).records : [];
  } catch {
    // Damaged, of another version, or being removed: one run less to learn from.
    return [];
  }
}

const groundOf = ({ pgvtune, dataset, metric, layout, server, client, config }: RunManifest): string =>
  canonicalJson({
    pgvtune,
    dataset: dataset.hash,
    metric,
    layout: layout ?? null,
    server: { ...server, settings: decidingOf(server.settings) },
    client: { platform: client.platform, cpu: client.cpu, cores: client.cores },
    config: decisiveSchema.safeParse(config).data ?? null,
  });

/** Follow from the room on the disk where a server is started for a run, and say nothing of what a query finds or takes. */
export const UNDECIDING_SETTINGS: readonly string[] = ['max_wal_size'];

const decidingOf = (settings: RunManifest['server']['settings']): RunManifest['server']['settings'] =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !UNDECIDING_SETTINGS.includes(name)));

/** Keys of the configuration that change what a point or a build of a given key is. */
const decisiveSchema = z.object({
  seed: z.number(),
  target: z.object({ build_memory: z.number().optional() }),
});
