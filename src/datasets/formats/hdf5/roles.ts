import { fileError } from '../file-error.js';

/** Which dataset of a file is which, by its path in the file; null where there is none. */
export interface Hdf5Roles {
  readonly vectors: string;
  readonly queries: string | null;
  readonly truth: string | null;
}

/** What the user said. */
export interface Hdf5RoleOptions {
  readonly vectors?: string;
  readonly queryVectors?: string;
  readonly truth?: string;
}

/** Names in use, those of ann-benchmarks first; also as the name of a group around the dataset. */
const VECTORS = ['train', 'base', 'database', 'vectors', 'embeddings', 'data', 'corpus'];
const QUERIES = ['test', 'query', 'queries'];
const TRUTH = ['neighbors', 'neighbours', 'groundtruth', 'ground_truth', 'truth', 'gt', 'knns'];

/**
 * @param names paths of all datasets with rows of numbers: `train`, `embeddings/train/data`
 * @throws {PgvtuneError} `dataset` when none can be told to be the vectors, or a named one is missing
 */
export function rolesOf(path: string, names: readonly string[], options: Hdf5RoleOptions): Hdf5Roles {
  const named = (name: string | undefined, flag: string): string | null => {
    if (name === undefined) return null;
    const found = name.replace(/^\//, '');
    if (names.includes(found)) return found;
    throw fileError(path, {}, `expected a dataset "${found}" for ${flag}, got ${names.join(', ') || 'none'}.`);
  };
  const usual = (wanted: readonly string[]): string | null => calledLike(names, wanted);
  const queries = named(options.queryVectors, '--query-vectors') ?? usual(QUERIES);
  const truth = named(options.truth, '--truth') ?? usual(TRUTH);
  const others = names.filter((name) => name !== queries && name !== truth);
  const vectors = named(options.vectors, '--vectors') ?? usual(VECTORS) ?? (others.length === 1 ? others[0]! : null);
  if (vectors !== null) return { vectors, queries, truth };
  const message = `expected a dataset "train" as in ann-benchmarks, got ${names.join(', ') || 'none with rows of numbers'}.`;
  throw fileError(path, {}, message, {
    hint: 'Name it: --vectors, and --query-vectors and --truth if they are there.',
  });
}

/** The only dataset whose own name, or else that of a group around it, is one of those wanted. */
function calledLike(names: readonly string[], wanted: readonly string[]): string | null {
  for (const want of wanted) {
    if (names.includes(want)) return want;
  }
  const steps = (name: string): string[] => name.toLowerCase().split('/');
  const own = names.filter((name) => wanted.includes(steps(name).at(-1)!));
  const grouped = names.filter((name) => wanted.includes(steps(name).at(-2) ?? ''));
  const [only, ...others] = own.length > 0 ? own : grouped;
  return only !== undefined && others.length === 0 ? only : null;
}
