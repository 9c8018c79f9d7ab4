import { ident, qualified } from '../../../identifiers.js';
import type { RunManifest } from '../../../results/index.js';

/**
 * A table that statements join, and the column that its rows are named by, as SQL writes them: those of the reader, where
 * the sample has columns of it. `schema` is not quoted; null where it is not known.
 */
export function joinedTable(
  { dataset }: Pick<RunManifest, 'dataset'>,
  table: string,
): { readonly table: string; readonly key: string; readonly schema: string | null } {
  const step = dataset.table?.joined?.flatMap(({ steps }) => steps).find((one) => one.table === table);
  const [key, ...others] = step?.on ?? [];
  if (!step || !key || others.length > 0) return { table: ident(table), key: 'id', schema: null };
  return { table: qualified(step.schema, step.table), key: ident(key.to), schema: step.schema };
}
