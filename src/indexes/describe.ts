import type { IndexSpec, SearchSettings, Stored } from '../vocabulary.js';
import { indexKind } from './registry.js';

/** A spec in words: `HNSW m=16 ef_construction=64`; the representation is named when it is not the column's own type. */
export function describeSpec(spec: IndexSpec): string {
  const kind = indexKind(spec.method);
  if (kind.name === 'none') return 'exact scan';
  const representation = spec.representation === 'vector' ? [] : [describeRepresentation(spec)];
  return [kind.title, ...representation, describeSettings(spec.parameters)].join(' ');
}

/** What is stored in words: `halfvec`, `subvector(256)`. */
export const describeRepresentation = ({ representation, dimensions }: Stored): string =>
  dimensions === undefined ? representation : `${representation}(${dimensions})`;

/** Settings in words: `ef_search=40`; a dash when there are none. */
export function describeSettings(settings: SearchSettings): string {
  const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return pairs.length > 0 ? pairs.join(' ') : '–';
}

/** An index and its search settings in words. */
export function describeChoice({
  spec,
  settings,
}: {
  readonly spec: IndexSpec;
  readonly settings: SearchSettings;
}): string {
  const pairs = Object.keys(settings).length > 0 ? [describeSettings(settings)] : [];
  return [describeSpec(spec), ...pairs].join(', ');
}
