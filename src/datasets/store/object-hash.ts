import { createHash } from 'node:crypto';
import { canonicalJson } from '../../canonical-json.js';
import type { DatasetManifest } from './manifest.js';

/** SHA-256 of the files of an object. */
export interface ObjectDigests {
  /** Of the vectors, and of what belongs to them. */
  readonly base: readonly [string, string];
  readonly queries: readonly [string, string];
  /** null where the source declares no neighbours. */
  readonly declared: string | null;
}

/** The hash that a dataset is stored under: equal hash, equal data. */
export function objectHash(
  {
    dimensions,
    metric,
    textColumn,
    columns,
  }: Pick<DatasetManifest, 'dimensions' | 'metric' | 'textColumn' | 'columns'>,
  digests: ObjectDigests,
): string {
  // What its values do not tell by themselves.
  const types = columns.filter(({ sqlType }) => sqlType !== undefined);
  const content = canonicalJson({
    version: 1,
    dimensions,
    metric,
    textColumn,
    ...(types.length > 0 ? { types } : {}),
    ...digests,
  });
  return createHash('sha256').update(content).digest('hex');
}
