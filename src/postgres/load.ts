import { PgvtuneError } from '../errors.js';
import type { Matrix } from '../vocabulary.js';
import { COPY_HEADER, COPY_TRAILER, encodeCopyTuples, encodeVector } from './codec.js';
import type { Capabilities } from './server.js';
import type { Parameter, Session } from './session.js';

export interface LoadOptions {
  /** Quoted, schema-qualified name of an existing table `(id bigint, embedding vector)`. */
  readonly table: string;
  readonly blocks: AsyncIterable<Matrix & { readonly start: number }>;
  readonly onProgress: (rowsDone: number) => void;
}

export interface LoadReport {
  readonly rows: number;
  readonly method: 'copy' | 'insert';
}

/** Rows per INSERT where COPY is missing: two parameters a row, far from the protocol's limit of 65,535. */
const INSERT_ROWS = 500;

/**
 * Writes every row of the blocks, numbered from `start`, then counts what arrived: binary COPY where the server has it,
 * multi-row INSERT with binary parameters where it has not.
 *
 * @throws {PgvtuneError} `server` when the table holds another number of rows than were sent
 */
export async function loadVectors(
  session: Session,
  capabilities: Capabilities,
  options: LoadOptions,
): Promise<LoadReport> {
  const method = capabilities.copy ? 'copy' : 'insert';
  const sent = method === 'copy' ? await copy(session, options) : await insert(session, options);
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

async function copy(session: Session, { table, blocks, onProgress }: LoadOptions): Promise<number> {
  let sent = 0;
  async function* stream(): AsyncGenerator<Buffer> {
    yield COPY_HEADER;
    for await (const block of blocks) {
      yield encodeCopyTuples(block.start, block);
      sent += block.rows;
      onProgress(sent);
    }
    yield COPY_TRAILER;
  }
  await session.copyIn(`COPY ${table} (id, embedding) FROM STDIN (FORMAT binary)`, stream());
  return sent;
}

async function insert(session: Session, { table, blocks, onProgress }: LoadOptions): Promise<number> {
  let sent = 0;
  for await (const block of blocks) {
    for (let first = 0; first < block.rows; first += INSERT_ROWS) {
      const rows = Math.min(INSERT_ROWS, block.rows - first);
      const values: Parameter[] = [];
      for (let row = first; row < first + rows; row++) {
        const vector = block.values.subarray(row * block.dimensions, (row + 1) * block.dimensions);
        values.push(block.start + row, encodeVector(vector));
      }
      await session.execute({ name: `pgvtune_insert_${rows}`, text: insertText(table, rows) }, values);
      sent += rows;
      onProgress(sent);
    }
  }
  return sent;
}

function insertText(table: string, rows: number): string {
  const tuples = Array.from({ length: rows }, (_, row) => `($${2 * row + 1}::bigint, $${2 * row + 2}::vector)`);
  return `INSERT INTO ${table} (id, embedding) VALUES ${tuples.join(', ')}`;
}
