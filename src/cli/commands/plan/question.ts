import type { PlannedColumn, PlanQuestion } from '../../../capacity/index.js';
import { PgvtuneError } from '../../../errors.js';
import { parseBytes } from '../../../units.js';
import { representationSchema, type Stored } from '../../../vocabulary.js';
import type { CommonOptions } from '../../options.js';

/** The command's options, parsed one by one. */
export interface PlanOptions extends CommonOptions {
  readonly rows: number;
  readonly dims: number;
  readonly type: string;
  readonly nonzero?: number;
  readonly columnType: 'vector' | 'halfvec';
  readonly storage: 'external' | 'plain';
  readonly column?: readonly PlannedColumn[];
  readonly method: string;
  readonly m?: number;
  readonly efConstruction?: number;
  readonly lists?: number;
  readonly efSearch?: number;
  readonly probes?: number;
  readonly k: number;
  readonly memory: number;
  readonly workers: number;
  readonly maxParallelWorkers: number;
  readonly concurrentBuilds: number;
  readonly ram?: string;
  readonly cores?: number;
  readonly pgVersion?: number;
  readonly pgvectorVersion?: string;
}

/** @throws {PgvtuneError} `usage` for what does not go together */
export function planQuestion(options: PlanOptions): PlanQuestion {
  const { rows, dims: dimensions, nonzero, k, memory, workers, ram, cores, pgVersion, pgvectorVersion } = options;
  if (pgVersion !== undefined && !(pgVersion >= 12 && pgVersion <= 99)) {
    throw new PgvtuneError('usage', `--pg-version: expected a major version such as 17, got "${pgVersion}".`);
  }
  if (pgvectorVersion !== undefined && !/^\d+(\.\d+)+$/.test(pgvectorVersion)) {
    throw new PgvtuneError('usage', `--pgvector-version: expected a version such as 0.8.6, got "${pgvectorVersion}".`);
  }
  return {
    rows,
    dimensions,
    ...(nonzero === undefined ? {} : { nonZeros: nonzero }),
    columnType: options.columnType,
    storage: options.storage,
    columns: options.column ?? [],
    methods: options.method.split(',').map((name) => (name.trim() === 'exact' ? 'none' : name.trim())),
    stored: parseTypes(options),
    parameters: given({ m: options.m, ef_construction: options.efConstruction, lists: options.lists }),
    settings: given({ ef_search: options.efSearch, probes: options.probes }),
    k,
    maintenanceWorkMemBytes: memory,
    maxParallelMaintenanceWorkers: workers,
    maxParallelWorkers: options.maxParallelWorkers,
    concurrentBuilds: options.concurrentBuilds,
    machine: {
      ...(ram === undefined ? {} : { memoryBytes: parseBytes(ram) }),
      ...(cores === undefined ? {} : { cores }),
    },
    ...(pgVersion === undefined ? {} : { pgVersion }),
    ...(pgvectorVersion === undefined ? {} : { pgvector: pgvectorVersion }),
  };
}

const given = (values: Readonly<Record<string, number | undefined>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter((pair): pair is [string, number] => pair[1] !== undefined));

/** `halfvec`, or `vector,subvector(256)`; `sparsevec` is the only one then, because its column is one. */
function parseTypes({ type: text, nonzero, columnType }: PlanOptions): readonly Stored[] {
  if ((text === 'sparsevec') !== (nonzero !== undefined)) {
    const message =
      nonzero === undefined
        ? '--type sparsevec needs --nonzero: only the elements that are not zero take room.'
        : `--nonzero is for --type sparsevec, got --type ${text}.`;
    throw new PgvtuneError('usage', message);
  }
  if (nonzero !== undefined && columnType !== 'vector') {
    throw new PgvtuneError(
      'usage',
      '--column-type is for dense vectors; a sparse vector has a column of its own type.',
    );
  }
  return nonzero === undefined ? text.split(',').map(parseType) : [{ representation: 'vector' }];
}

function parseType(text: string): Stored {
  const [, name = '', dimensions] = /^\s*(\w+)(?:\((\d+)\))?\s*$/.exec(text) ?? [];
  const representation = representationSchema.safeParse(name);
  if (!representation.success) {
    const known = representationSchema.exclude(['subvector']).options.join(', ');
    throw new PgvtuneError('usage', `--type: expected ${known}, subvector(256) or sparsevec, got "${text}".`);
  }
  return {
    representation: representation.data,
    ...(dimensions === undefined ? {} : { dimensions: Number(dimensions) }),
  };
}
