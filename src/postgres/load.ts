import { PgvtuneError } from '../errors.js';
import type { Matrix } from '../vocabulary.js';
import { COPY_HEADER, COPY_TRAILER, encodeBits, encodeCopyTuples, encodeVector, type VectorType } from './codec.js';
import { ident } from './identifiers.js';
import { encodeValue, type ValueType } from './value-codec.js';
import type { Capabilities } from './server.js';
import type { Parameter, Session } from './session.js';

export interface LoadOptions {
  /** Quoted, schema-qualified name of an existing table `(id bigint, embedding, …)`. */
  readonly table: string;
  /** Of the column `embedding`. Default: `vector`. */
  readonly type?: VectorType;
  readonly blocks: AsyncIterable<Matrix & { readonly start: number }>;
  /** What is written beside the vectors; nothing when absent. */
  readonly beside?: Beside | undefined;
  readonly onProgress: (rowsDone: number) => void;
}

/** Columns beside the vectors, and a row of their values for each vector, in the same order. */
export interface Beside {
  readonly columns: readonly {
    readonly name: string;
    readonly type: ValueType;
    /** The column's type in SQL, quoted, where it is another one: an enum's labels travel as text. */
    readonly sqlType?: string;
  }[];
  readonly rows: AsyncIterable<readonly unknown[]>;
}

export interface LoadReport {
  readonly rows: number;
  readonly method: 'copy' | 'insert';
}

/** Rows per INSERT where COPY is missing: two parameters a row, far from the protocol's limit of 65,535. */
const INSERT_ROWS = 500;

/**
 * Writes every row of the blocks, numbered from `start`, then counts what arrived: binary COPY where the server has it,
 * multi-row INSERT with binary parameters where it has not. Several sessions share the blocks among them.
 *
 * @param sessions at least one; a server without COPY uses the first alone
 * @throws {PgvtuneError} `server` when the table holds another number of rows than were sent
 */
export async function loadVectors(
  sessions: readonly [Session, ...Session[]],
  capabilities: Capabilities,
  options: LoadOptions,
): Promise<LoadReport> {
  const [session] = sessions;
  const method = capabilities.copy ? 'copy' : 'insert';
  const sent = method === 'copy' ? await copy(sessions, options) : await insert(session, options);
  const [counted] = await session.query<{ rows: string }>(`SELECT count(*) AS rows FROM ${options.table}`, [], {
    deadlineMs: Infinity,
  });
  const rows = Number(counted?.rows);
  if (rows !== sent) {
    throw new PgvtuneError('server', `Loading ${options.table}: sent ${sent} rows, the table holds ${rows}.`, {
      hint: 'Another session may be writing to the scratch schema, or a trigger swallowed rows.',
    });
  }
  return { rows, method };
}

async function copy(
  sessions: readonly Session[],
  { table, type, blocks, beside, onProgress }: LoadOptions,
): Promise<number> {
  const take = fieldsOf(beside);
  let sent = 0;
  // Encoded before it is shared out: a block's own array is reused as soon as the next one is asked for.
  async function* encoded(): AsyncGenerator<Buffer> {
    for await (const block of blocks) {
      const tuples = encodeCopyTuples(block.start, block, type, await take(block.rows));
      sent += block.rows;
      yield tuples;
      onProgress(sent);
    }
  }
  const shared = encoded();
  async function* stream(): AsyncGenerator<Buffer> {
    yield COPY_HEADER;
    for (let next = await shared.next(); !next.done; next = await shared.next()) yield next.value;
    yield COPY_TRAILER;
  }
  await Promise.all(
    sessions.map((session) =>
      session.copyIn(`COPY ${table} (${columnList(beside)}) FROM STDIN (FORMAT binary)`, stream()),
    ),
  );
  return sent;
}

async function insert(session: Session, { table, type, blocks, beside, onProgress }: LoadOptions): Promise<number> {
  const take = fieldsOf(beside);
  let sent = 0;
  for await (const block of blocks) {
    // Without its length, bit is bit(1).
    const [vector, encode] =
      type === 'bit' ? ([`bit(${block.dimensions})`, encodeBits] as const) : (['vector', encodeVector] as const);
    for (let first = 0; first < block.rows; first += INSERT_ROWS) {
      const rows = Math.min(INSERT_ROWS, block.rows - first);
      const fields = await take(rows);
      const values: Parameter[] = [];
      for (let row = first; row < first + rows; row++) {
        const own = block.values.subarray(row * block.dimensions, (row + 1) * block.dimensions);
        values.push(block.start + row, encode(own), ...(fields[row - first] ?? []));
      }
      await session.execute(
        { name: `pgvtune_insert_${rows}`, text: insertText(table, rows, { vector, beside }) },
        values,
      );
      sent += rows;
      onProgress(sent);
    }
  }
  return sent;
}

function insertText(
  table: string,
  rows: number,
  { vector, beside }: { readonly vector: string; readonly beside: Beside | undefined },
): string {
  const types = ['bigint', vector, ...(beside?.columns ?? []).map(({ type, sqlType }) => sqlType ?? type)];
  const tuples = Array.from(
    { length: rows },
    (_, row) => `(${types.map((type, i) => `$${row * types.length + i + 1}::${type}`).join(', ')})`,
  );
  return `INSERT INTO ${table} (${columnList(beside)}) VALUES ${tuples.join(', ')}`;
}

const columnList = (beside: Beside | undefined): string =>
  ['id', 'embedding', ...(beside?.columns ?? []).map(({ name }) => ident(name))].join(', ');

/** Takes the fields of so many further rows, encoded. */
function fieldsOf(beside: Beside | undefined): (rows: number) => Promise<readonly (readonly (Buffer | null)[])[]> {
  if (!beside) return async () => [];
  const iterator = beside.rows[Symbol.asyncIterator]();
  return async (rows) => {
    const taken: (readonly (Buffer | null)[])[] = [];
    while (taken.length < rows) {
      const next = await iterator.next();
      if (next.done) throw new RangeError(`Expected values beside ${rows} more vectors, got ${taken.length}.`);
      taken.push(beside.columns.map(({ type }, i) => encodeValue(type, next.value[i])));
    }
    return taken;
  };
}
