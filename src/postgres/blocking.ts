import { readSync, writeSync } from 'node:fs';
import { type Client, DatabaseError } from 'pg';
import { type ColumnParser, DATA_ROW, ERROR_RESPONSE, READY_FOR_QUERY, readRow } from './execution.js';

/*
 * Executions of prepared statements for a thread that has nothing else to do: it writes, and sleeps in read(2) until the
 * answer is there. Between two queries of an event loop stand epoll, streams, events and promises; they cost processor
 * time, and what they touch drives the server's data out of the caches that it shares with its client (benchmarks/README.md).
 */

/** What libuv knows of a connection; Node has it on every plain socket, but does not document it. */
interface Handle {
  /** −1 where the platform has none. */
  readonly fd: number;
  /** @returns 0, or an error number */
  setBlocking(blocking: boolean): number;
  readStart(): number;
  readStop(): number;
}

/** Sends a message and waits for the rows. @throws {DatabaseError} what the server refuses, and goes on; else it is gone */
export type BlockingExecutor = (message: Buffer, columns: readonly ColumnParser[]) => unknown[][];

/** A connection that can be waited for. */
export interface BlockingConnection {
  /** Milliseconds that the thread has slept for answers, in all. */
  readonly waitedMs: () => number;
  /** Takes the connection from the event loop for as long as `work` runs, and gives it back. */
  readonly hold: <T>(work: (execute: BlockingExecutor) => T) => T;
}

const BUFFER_BYTES = 64 * 1024;
/** The kind of a message and its length. */
const HEAD_BYTES = 5;

/** @returns null where the connection is no plain socket: under TLS, and on Windows */
export function openBlocking(client: Client): BlockingConnection | null {
  const { stream } = client.connection;
  const { _handle: handle } = stream as unknown as { readonly _handle: Partial<Handle> | null };
  if ('encrypted' in stream || !isPlain(handle)) return null;
  const { fd } = handle;
  let buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let waitedMs = 0;

  function execute(message: Buffer, columns: readonly ColumnParser[]): unknown[][] {
    for (let written = 0; written < message.length;) written += writeSync(fd, message, written);
    const rows: unknown[][] = [];
    let refusal: DatabaseError | undefined;
    /** Bytes in the buffer, and where the first message begins that has not been looked at. */
    let filled = 0;
    let at = 0;
    for (;;) {
      const from = performance.now();
      const bytes = readSync(fd, buffer, filled, buffer.length - filled, null);
      waitedMs += performance.now() - from;
      if (bytes === 0) throw refusal ?? new Error('Connection terminated');
      filled += bytes;
      while (filled - at >= HEAD_BYTES) {
        const next = at + 1 + buffer.readUInt32BE(at + 1);
        if (next > filled) break;
        const kind = buffer[at];
        if (kind === DATA_ROW) rows.push(readRow(buffer, at, columns));
        else if (kind === ERROR_RESPONSE) refusal = readError(buffer.subarray(at + HEAD_BYTES, next));
        else if (kind === READY_FOR_QUERY) {
          if (refusal) throw refusal;
          return rows;
        }
        at = next;
      }
      if (filled === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
    }
  }

  return {
    waitedMs: () => waitedMs,
    hold(work) {
      handle.readStop();
      handle.setBlocking(true);
      try {
        return work(execute);
      } finally {
        handle.setBlocking(false);
        handle.readStart();
      }
    },
  };
}

function isPlain(handle: Partial<Handle> | null): handle is Handle {
  return handle?.fd !== undefined && handle.fd >= 0 && handle.setBlocking !== undefined;
}

/** ErrorResponse: fields that begin with a letter and end with a zero, and a zero at the end. */
function readError(body: Buffer): DatabaseError {
  const fields = new Map(
    body
      .toString('utf8')
      .split('\0')
      .map((field) => [field[0], field.slice(1)]),
  );
  const error = new DatabaseError(fields.get('M') ?? '', body.length, 'error');
  error.code = fields.get('C');
  error.severity = fields.get('V') ?? fields.get('S');
  return error;
}
