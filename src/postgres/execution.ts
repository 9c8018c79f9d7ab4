import type { Connection, Submittable } from 'pg';
import type { Parameter } from './session.js';

/*
 * The timed path: one execution of a statement that the session has prepared. pg's own Query asks for a description of
 * the rows every time and sends each message by itself, which costs several times the processor time of this one write.
 * Everything else stays with pg: it calls `submit` when the connection is free, and the others as messages arrive.
 */

/** Turns the text of one column into a value. */
export type ColumnParser = (text: string) => unknown;

export class Execution implements Submittable {
  readonly #message: Buffer;
  readonly #columns: readonly ColumnParser[];
  readonly #settle: { readonly resolve: (rows: unknown[][]) => void; readonly reject: (error: Error) => void };
  readonly #rows: unknown[][] = [];

  /**
   * @param message what {@link encodeExecution} made
   * @param columns parsers of the statement's columns
   */
  constructor(
    message: Buffer,
    columns: readonly ColumnParser[],
    settle: { readonly resolve: (rows: unknown[][]) => void; readonly reject: (error: Error) => void },
  ) {
    this.#message = message;
    this.#columns = columns;
    this.#settle = settle;
  }

  submit({ stream }: Connection): void {
    stream.write(this.#message);
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(fields.map((text, i) => (text === null ? null : this.#columns[i]!(text))));
  }

  handleCommandComplete(): void {}

  handleEmptyQuery(): void {}

  handleReadyForQuery(): void {
    this.#settle.resolve(this.#rows);
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
  }
}

const EXECUTE_AND_SYNC = Buffer.from('450000000900000000005300000004', 'hex');

/**
 * Bind, Execute and Sync in one piece, for all rows as text (PostgreSQL documentation, Message Formats).
 *
 * @param name of the prepared statement
 * @returns null for a value that only pg knows how to write: an array
 */
export function encodeExecution(name: string, values: readonly Parameter[]): Buffer | null {
  const wire: (string | Buffer | null)[] = [];
  for (const value of values) {
    if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) wire.push(value);
    else if (typeof value === 'object') return null;
    else wire.push(String(value));
  }
  const lengths = wire.map((value) => (value === null ? -1 : Buffer.byteLength(value)));
  const bindBytes =
    4 +
    1 +
    (Buffer.byteLength(name) + 1) +
    (2 + 2 * wire.length) +
    2 +
    2 +
    lengths.reduce((sum, length) => sum + 4 + Math.max(0, length), 0);
  const message = Buffer.allocUnsafe(1 + bindBytes + EXECUTE_AND_SYNC.length);
  let at = message.writeUInt8(0x42, 0);
  at = message.writeInt32BE(bindBytes, at);
  // The unnamed portal, then the statement; both end with a zero.
  at = message.writeUInt8(0, at);
  at += message.write(name, at);
  at = message.writeUInt8(0, at);
  at = message.writeInt16BE(wire.length, at);
  for (const value of wire) at = message.writeInt16BE(Buffer.isBuffer(value) ? 1 : 0, at);
  at = message.writeInt16BE(wire.length, at);
  for (const [i, value] of wire.entries()) {
    at = message.writeInt32BE(lengths[i]!, at);
    if (value !== null) at += typeof value === 'string' ? message.write(value, at) : value.copy(message, at);
  }
  at = message.writeInt16BE(0, at);
  EXECUTE_AND_SYNC.copy(message, at);
  return message;
}
