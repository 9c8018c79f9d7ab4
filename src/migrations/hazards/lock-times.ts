import type { BuildSeconds } from '../../indexes/index.js';
import type { Deployment } from '../deployment.js';
import type { Effect } from '../effects.js';
import type { Schema } from '../replay/schema.js';
import { isVectorIndex, type OwnSettings, predictBuild } from '../vectors/predict-build.js';
import type { TableToLock, Work } from './hazard.js';
import { tableBytes } from './table-bytes.js';

/** What a server of today does in a second, at a guess that is rather too low: the order of magnitude is what counts. */
const BYTES_PER_SECOND: Readonly<Record<Exclude<Work, 'none'>, number>> = {
  scan: 200_000_000,
  'index-build': 50_000_000,
  rewrite: 30_000_000,
};
/** Servers do between a third and three times of that. */
const SERVERS = 3;

/** What is known when a statement runs. */
export interface Situation {
  readonly schema: Schema;
  readonly deployment: Deployment;
  readonly own: OwnSettings;
}

/** A table that is locked, as large as the server or somebody says; null where nobody does. */
export function tableToLock(
  name: string,
  { schema, deployment }: Omit<Situation, 'own'>,
): Pick<TableToLock, 'from' | 'rows' | 'bytes'> | null {
  const live = deployment.tables?.get(name);
  if (live) return { from: 'server', rows: live.rows, bytes: live.bytes };
  const table = schema.tables.get(name);
  if (!table || deployment.rows === undefined) return null;
  return { from: 'stated', rows: deployment.rows, bytes: tableBytes(table, deployment.rows) };
}

/** How long the work under a lock takes: of a vector index by the models of `pgvtune plan`, of all else by the bytes. */
export function workSeconds(
  work: Work,
  effect: Effect,
  table: { readonly name: string; readonly bytes: number },
  situation: Situation,
): BuildSeconds | null {
  if (work === 'none') return null;
  const { schema, deployment, own } = situation;
  if (effect.kind === 'create-index' && isVectorIndex(effect.index))
    return predictBuild(effect.index, schema, deployment, own)?.seconds ?? null;
  const value = table.bytes / BYTES_PER_SECOND[work];
  const ofBytes = { value, low: value / SERVERS, high: value * SERVERS };
  if (work !== 'rewrite') return ofBytes;
  const builds = [...(schema.tables.get(table.name)?.indexes.values() ?? [])].flatMap(
    (index) => (isVectorIndex(index) && predictBuild(index, schema, deployment, own)?.seconds) || [],
  );
  return builds.reduce(sum, ofBytes);
}

export const sum = (one: BuildSeconds, other: BuildSeconds): BuildSeconds => ({
  value: one.value + other.value,
  low: one.low + other.low,
  high: one.high + other.high,
});
