import type { Client, Connection, Submittable } from 'pg';
import type { Parameter } from './session.js';

/*
 * The timed path: executions of statements that a session has prepared. pg's own Query asks for a description of the rows
 * every time, sends each message by itself, and makes an object of every message that it gets, which costs about twice
 * the processor time of the one write and the one look here (benchmarks/README.md). On a machine that client and server share
 * that would be a good part of what is measured.
 *
 * Everything that is not an answer in one piece stays with pg: errors, notices, long answers, broken connections.
 */

/** Turns the text of one column into a value. */
export type ColumnParser = (text: string) => unknown;

/** @param message what {@link encodeExecution} made */
export type Executor = (message: Buffer, columns: readonly ColumnParser[]) => Promise<unknown[][]>;

/** Puts itself between a connection that has logged in and pg's parser. */
export function openExecutor(client: Client): Executor {
  const { connection } = client;
  const { stream } = connection;
  /** Whose answer the next packet may be. */
  let expected: Execution | undefined;
  const parsers = stream.listeners('data');
  stream.removeAllListeners('data');
  stream.on('data', (packet: Buffer) => {
    const execution = expected;
    expected = undefined;
    if (execution?.read(packet))
      connection.emit('readyForQuery', { status: packet.toString('latin1', packet.length - 1) });
    else for (const parse of parsers) parse.call(stream, packet);
  });
  return (message, columns) =>
    new Promise((resolve, reject) => {
      expected = new Execution(message, columns, { resolve, reject });
      client.query(expected);
    });
}

/** What the server's messages begin with. */
const BIND_COMPLETE = 0x32;
const COMMAND_COMPLETE = 0x43;
export const DATA_ROW = 0x44;
export const ERROR_RESPONSE = 0x45;
export const READY_FOR_QUERY = 0x5a;
/** Of ReadyForQuery, which ends every answer. */
const READY_BYTES = 6;

interface Settle {
  readonly resolve: (rows: unknown[][]) => void;
  readonly reject: (error: Error) => void;
}

/** One execution, as pg queues it: it calls `submit` when the connection is free, and the others as messages come. */
class Execution implements Submittable {
  readonly #message: Buffer;
  readonly #columns: readonly ColumnParser[];
  readonly #settle: Settle;
  #rows: unknown[][] = [];

  constructor(message: Buffer, columns: readonly ColumnParser[], settle: Settle) {
    this.#message = message;
    this.#columns = columns;
    this.#settle = settle;
  }

  submit({ stream }: Connection): void {
    stream.write(this.#message);
  }

  /** Takes a packet that is a whole answer of rows and nothing else. @returns false when it is anything else */
  read(packet: Buffer): boolean {
    const end = packet.length - READY_BYTES;
    const rows: unknown[][] = [];
    if (packet[0] !== BIND_COMPLETE) return false;
    let at = 0;
    while (at < end) {
      const next = at + 1 + packet.readUInt32BE(at + 1);
      if (next > end) return false;
      const kind = packet[at];
      if (kind === DATA_ROW) rows.push(readRow(packet, at, this.#columns));
      else if (kind !== BIND_COMPLETE && kind !== COMMAND_COMPLETE) return false;
      at = next;
    }
    if (at !== end || packet[end] !== READY_FOR_QUERY) return false;
    this.#rows = rows;
    return true;
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

/** DataRow: kind, length and number of columns, then each column's length (−1 for null) and text. */
export function readRow(bytes: Buffer, start: number, columns: readonly ColumnParser[]): unknown[] {
  let at = start + 7;
  return columns.map((parse) => {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return parse(bytes.toString('utf8', at - length, at));
  });
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
