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

async function copy(sessions: readonly Session[], { table, blocks, onProgress }: LoadOptions): Promise<number> {
  let sent = 0;
  // Encoded before it is shared out: a block's own array is reused as soon as the next one is asked for.
  async function* encoded(): AsyncGenerator<Buffer> {
    for await (const block of blocks) {
      const tuples = encodeCopyTuples(block.start, block);
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
    sessions.map((session) => session.copyIn(`COPY ${table} (id, embedding) FROM STDIN (FORMAT binary)`, stream())),
  );
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
