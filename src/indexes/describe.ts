import type { IndexSpec, SearchSettings, Stored } from '../vocabulary.js';
import { indexKind } from './registry.js';

/** A spec in words: `HNSW m=16 ef_construction=64`; the storage is named when it is not the column's own type. */
export function describeSpec(spec: IndexSpec): string {
  const kind = indexKind(spec.method);
  if (kind.name === 'none') return 'exact scan';
  const storage = spec.storage === 'vector' ? [] : [describeStorage(spec)];
  return [kind.title, ...storage, describeSettings(spec.parameters)].join(' ');
}

/** What is stored in words: `halfvec`, `subvector(256)`. */
export const describeStorage = ({ storage, dimensions }: Stored): string =>
  dimensions === undefined ? storage : `${storage}(${dimensions})`;

/** Settings in words: `ef_search=40`; a dash when there are none. */
export function describeSettings(settings: SearchSettings): string {
  const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return pairs.length > 0 ? pairs.join(' ') : '–';
}
