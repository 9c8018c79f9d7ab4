import {
  bytesOfElements,
  type ColumnType,
  hnswNeededMaintenanceWorkMem,
  hnswSpillRow,
  indexKind,
  ivfflatMemory,
  ivfflatMemoryError,
  numberOf,
  type StoredValue,
} from '../../indexes/index.js';
import type { IndexParameters } from '../../vocabulary.js';

/** The build parameter that memory depends on: m of HNSW, lists of IVFFlat. */
export interface MemoryQuestion {
  readonly method: string;
  readonly parameters: IndexParameters;
  readonly rows: number;
  /** Of the value that the index keeps. */
  readonly dimensions: number;
  readonly representation: StoredValue['type'];
  readonly valueBytes: number;
  readonly heapPages: number;
  readonly maintenanceWorkMemBytes: number;
  readonly parallelWorkers: number;
  readonly pgVersion: number;
  readonly pgvector?: string;
}

/** What `maintenance_work_mem` suffices for. */
export interface InMemory {
  /** Most rows that a build holds in memory; null where rows do not decide (IVFFlat samples them). */
  readonly rows: number | null;
  /** The same, did the index keep all dimensions in another way; empty where rows do not decide. */
  readonly otherwise: readonly { readonly type: ColumnType; readonly rows: number }[];
  /** The largest value of the parameter at the planned rows; null when even the smallest does not fit. */
  readonly parameter: { readonly name: string; readonly largest: number | null };
}

/** The inverse of the memory model: what fits into `maintenance_work_mem`. Null where nothing is built. */
export function inMemory(question: MemoryQuestion): InMemory | null {
  const name = MEMORY_PARAMETER[question.method];
  if (name === undefined) return null;
  const bounds = indexKind(question.method).parameters.find((parameter) => parameter.name === name);
  if (bounds?.kind !== 'number') return null;
  const fits = name === 'm' ? hnswFits : ivfflatFits;
  const largest = largestWhere(bounds.min, bounds.max, (value) =>
    fits({ ...question, parameters: { ...question.parameters, [name]: value } }),
  );
  const parameter = { name, largest };
  if (name !== 'm') return { rows: null, otherwise: [], parameter };
  return { rows: hnswRows(question), otherwise: otherTypes(question), parameter };
}

const TYPES: readonly ColumnType[] = ['vector', 'halfvec', 'bit'];

const otherTypes = (question: MemoryQuestion): InMemory['otherwise'] =>
  question.representation === 'sparsevec'
    ? []
    : TYPES.filter((type) => type !== question.representation).map((type) => ({
        type,
        rows: hnswRows({ ...question, valueBytes: bytesOfElements(type, question.dimensions) }),
      }));

const MEMORY_PARAMETER: Readonly<Record<string, string>> = { hnsw: 'm', ivfflat: 'lists' };

const hnswRows = ({ parameters, maintenanceWorkMemBytes, ...build }: MemoryQuestion): number =>
  hnswSpillRow({ ...build, m: numberOf(parameters, 'm', NaN) }, Infinity, maintenanceWorkMemBytes) ?? 0;

const hnswFits = ({ parameters, rows, maintenanceWorkMemBytes, ...build }: MemoryQuestion): boolean =>
  hnswNeededMaintenanceWorkMem({ ...build, m: numberOf(parameters, 'm', NaN) }, rows) <= maintenanceWorkMemBytes;

const ivfflatFits = ({ parameters, maintenanceWorkMemBytes, ...table }: MemoryQuestion): boolean =>
  ivfflatMemoryError(
    ivfflatMemory({ ...table, lists: numberOf(parameters, 'lists', NaN) }),
    maintenanceWorkMemBytes,
  ) === null;

/** The largest whole value in [from, to] that `holds`, given that it stops holding once; null when `from` does not. */
function largestWhere(from: number, to: number, holds: (value: number) => boolean): number | null {
  if (!holds(from)) return null;
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
