import { operatorOfClass, type StoredValue, valueBytes } from '../indexes/index.js';
import type { Index } from './snapshot/relations.js';

/** Types of pgvector that a column can have. */
const VECTOR_TYPES = ['vector', 'halfvec', 'sparsevec'];

export const isVector = ({ typeName }: { readonly typeName: string }): boolean => VECTOR_TYPES.includes(typeName);

/** An index of pgvector itself: a fork may lay out its pages in another way. */
export const isVectorIndex = ({ method, methodExtension }: Index): boolean =>
  methodExtension === 'vector' && (method === 'hnsw' || method === 'ivfflat');

/** The indexes whose recall can be measured: parts of a partitioned one are measured with it. */
export const measurableIndexes = ({ indexes }: { readonly indexes: readonly Index[] }): readonly Index[] =>
  indexes.filter((index) => isVectorIndex(index) && index.valid && !index.attached);

/** A build parameter as it is set, or as pgvector has it where it is not. */
export function parameter(index: Index, name: 'm' | 'ef_construction' | 'lists'): number {
  const set = index.options.find((option) => option.startsWith(`${name}=`));
  return set === undefined ? { m: 16, ef_construction: 64, lists: 100 }[name] : Number(set.slice(name.length + 1));
}

/** Bytes of the value that the index keeps; null where the catalog does not say it: sparse vectors, no dimensions. */
export function keptValueBytes({ keys }: Index): number | null {
  const { typeName, typeModifier } = keys[0]!;
  const type = typeName === 'varbit' ? 'bit' : typeName;
  if (typeModifier <= 0 || !['vector', 'halfvec', 'bit'].includes(type)) return null;
  return valueBytes({ type: type as Exclude<StoredValue['type'], 'sparsevec'>, dimensions: typeModifier });
}

/** Whether somebody sets a parameter of pgvector for a role, a database or the server. */
export const isSet = (settings: readonly string[], name: string): boolean =>
  settings.some((setting) => setting.startsWith(`${name}=`));

/** The largest value of a parameter that anybody set; otherwise the default. */
export const largestSet = (settings: readonly string[], name: string, otherwise: number): number =>
  Math.max(
    otherwise,
    ...settings.flatMap((setting) => (setting.startsWith(`${name}=`) ? [Number(setting.slice(name.length + 1))] : [])),
  );

export const operatorsOf = ({ keys }: Index): readonly string[] =>
  [operatorOfClass(keys[0]!.operatorClass)].filter((operator) => operator !== undefined);
