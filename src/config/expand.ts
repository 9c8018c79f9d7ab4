import type { IndexSpec, Stored } from '../vocabulary.js';
import type { Config } from './schema.js';

/** An index that a configuration names, with the values of its search setting; null when it names none. */
export interface NamedIndex {
  readonly spec: IndexSpec;
  readonly knob: 'ef_search' | 'probes';
  /** Ascending, each once. */
  readonly values: readonly number[] | null;
}

/** What `representation` names, in the order written; null when there is no such key. */
export const storedAs = ({ representation }: Pick<Config, 'representation'>): readonly Stored[] | null =>
  representation?.flatMap((one): readonly Stored[] =>
    typeof one === 'string'
      ? [{ representation: one }]
      : one.subvector.map((dimensions): Stored => ({ representation: 'subvector', dimensions })),
  ) ?? null;

/** Every combination of the values in `indexes` with every representation, in the order written; null when there is no such key. */
export function expandIndexes(config: Pick<Config, 'indexes' | 'representation'>): readonly NamedIndex[] | null {
  const { indexes } = config;
  if (!indexes) return null;
  return (storedAs(config) ?? [{ representation: 'vector' }]).flatMap((stored) =>
    indexes.flatMap(({ hnsw, ivfflat }): readonly NamedIndex[] => [
      ...(hnsw?.m ?? []).flatMap((m) =>
        (hnsw?.ef_construction ?? []).map((ef_construction): NamedIndex => ({
          spec: { method: 'hnsw', ...stored, parameters: { m, ef_construction } },
          knob: 'ef_search',
          values: ascending(hnsw?.ef_search),
        })),
      ),
      ...(ivfflat?.lists ?? []).map((lists): NamedIndex => ({
        spec: { method: 'ivfflat', ...stored, parameters: { lists } },
        knob: 'probes',
        values: ascending(ivfflat?.probes),
      })),
    ]),
  );
}

const ascending = (values: readonly number[] | undefined): readonly number[] | null =>
  values ? [...new Set(values)].sort((a, b) => a - b) : null;
